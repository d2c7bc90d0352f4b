import { numberOfAnyValue, textOfAnyValue } from '../filters/any-value.ts'
import { valuesInText } from '../filters/attribute-text.ts'
import { mapElements, spanEvents, spanLinks } from '../filters/elements.ts'
import type { Parameters } from '../statements/parameters.ts'

export type ElementKind = 'event' | 'link'

const elementsOf = { event: spanEvents, link: spanLinks } as const

/** Fields of the events and links of a span, as SQL. */
export class ElementFields {
  readonly #parameters: Parameters

  constructor(parameters: Parameters) {
    this.#parameters = parameters
  }

  /** Of all elements of a row: the different texts of a field. */
  texts(kind: ElementKind, key: string): string {
    const all = mapElements(elementsOf[kind], this.#text(kind, key))
    return `arrayFilter(text -> text != '', arrayDistinct(${all}))`
  }

  /** A row for each element that differs in these fields, as a tuple of their texts; one of empty texts where there is no element. */
  each(kind: ElementKind, keys: readonly string[]): string {
    const tuple = `tuple(${keys.map((key) => this.#text(kind, key)).join(', ')})`
    const all = `arrayDistinct(${mapElements(elementsOf[kind], tuple)})`
    return `arrayJoin(if(empty(${all}), [tuple(${keys.map(() => "''").join(', ')})], ${all}))`
  }

  /** Of the first element that has the attribute as a number; else NULL. */
  number(kind: ElementKind, key: string): string {
    const elements = elementsOf[kind]
    const found = valuesInText(elements.attributes, withoutPrefix(key), this.#parameters)
    const first = `arrayFilter(number -> isNotNull(number), arrayMap(leaf -> ${numberOfAnyValue('leaf')}, ${found}))[1]`
    return `arrayFilter(number -> isNotNull(number), ${mapElements(elements, first)})[1]`
  }

  #text(kind: ElementKind, key: string): string {
    const elements = elementsOf[kind]
    const own = elements.fieldText(key)
    if (own !== undefined) return own
    const found = valuesInText(elements.attributes, withoutPrefix(key), this.#parameters)
    return `arrayMap(leaf -> ${textOfAnyValue('leaf')}, arrayFilter(leaf -> leaf != '', ${found}))[1]`
  }
}

function withoutPrefix(key: string): string {
  return key.replace(/^attribute\./, '')
}
