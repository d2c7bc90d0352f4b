import { describesResource } from '../filters/attribute-names.ts'
import type { FilterContext } from '../filters/context.ts'
import { attributeNumber } from './attribute-number.ts'
import { ElementFields, type ElementKind } from './element-fields.ts'
import { attributeText } from './metric-labels.ts'

/** What a signal's table adds to attributes: fields of its own, as SQL; undefined for the names of attributes. */
export interface OwnFields {
  readonly table: 'spans' | 'logs' | 'metric_series'
  /** As text; '' where a row has none. @param attribute the same name, read from the maps */
  text(name: string, attribute: () => string): string | undefined
  /** As a number; NULL where a row has none. */
  number(name: string, attribute: () => string): string | undefined
  /** Of a number field. */
  unit(name: string): string | undefined
}

const prefixes = /^(resource|scope|event|link|any|attribute)\.(.+)$/s

/**
 * Fields of the rows of one statement as SQL, to group by and to compute with; names as in the filter language. What
 * stands in resources and scopes is joined: `from` has to be asked after all fields are.
 */
export class RowFields {
  readonly #own: OwnFields
  readonly #context: FilterContext
  readonly #elements: ElementFields
  readonly #joined = { resources: new Map<string, string>(), scopes: new Map<string, string>() }

  constructor(own: OwnFields, context: FilterContext) {
    this.#own = own
    this.#context = context
    this.#elements = new ElementFields(context.parameters)
  }

  /** As text, whatever its type; '' where a row has none. The different values of events or links follow each other: `a, b`. */
  text(name: string): string {
    const { prefix, key } = this.#read(name)
    const { parameters } = this.#context
    switch (prefix) {
      case 'service':
        return `toString(${this.#own.table}.service)`
      case 'resource':
        return this.#ofSender('resources', attributeText('resources', key, parameters))
      case 'scope':
        return this.#ofScope(key)
      case 'event':
      case 'link':
        return `arrayStringConcat(${this.#elements.texts(prefix, key)}, ', ')`
      case 'any':
        return this.#anywhere(key)
      default:
        return this.#ofRow(name, key)
    }
  }

  /**
   * Texts to group by: a row counts in the group of each of its events or links that differs from the others in what is
   * asked for. Keys about events are of one and the same event.
   */
  keys(names: readonly string[]): string[] {
    const of = names.map((name) => this.#read(name))
    const elements = (['event', 'link'] as const).map((kind) => {
      const keys = of.filter(({ prefix }) => prefix === kind).map(({ key }) => key)
      return { kind, keys, each: keys.length > 0 ? this.#elements.each(kind, keys) : '' }
    })
    return of.map(({ prefix, key }, index) => {
      const element = elements.find(({ kind }) => kind === prefix)
      return element ? `tupleElement(${element.each}, ${element.keys.indexOf(key) + 1})` : this.text(names[index]!)
    })
  }

  /** Texts of a field that a row may have several of, without the empty one, as SQL of an array; undefined for others. */
  texts(name: string): string | undefined {
    const { prefix, key } = this.#read(name)
    return prefix === 'event' || prefix === 'link' ? this.#elements.texts(prefix, key) : undefined
  }

  /** As a number; NULL where a row has none, or has a text there. Of events or links: of the first that has one. */
  number(name: string): string {
    const { prefix, key } = this.#read(name)
    const { parameters } = this.#context
    switch (prefix) {
      case 'resource':
        return this.#ofSender('resources', attributeNumber('resources', key, parameters))
      case 'scope':
        return this.#ofSender('scopes', attributeNumber('scopes', key.replace(/^attribute\./, ''), parameters))
      case 'event':
      case 'link':
        return this.#elements.number(prefix, key)
      case 'any':
        return this.#numberAnywhere(key)
      default: {
        const attribute = () => attributeNumber(this.#own.table, key, parameters)
        return (key === name ? this.#own.number(name, attribute) : undefined) ?? attribute()
      }
    }
  }

  unit(name: string): string | undefined {
    return this.#own.unit(name)
  }

  /** The table and what the fields need of others, for FROM. */
  get from(): string {
    return [this.#own.table, this.#join('resources', 'res_hash'), this.#join('scopes', 'scope_hash')].join('')
  }

  /** Where a name points to: the key, and the place that its prefix names. */
  #read(name: string): { prefix: ElementKind | 'service' | 'resource' | 'scope' | 'any' | undefined; key: string } {
    if (name === 'service.name' || name === 'service') return { prefix: 'service', key: name }
    const [, prefix, key = name] = prefixes.exec(name) ?? []
    if (prefix === 'resource' || prefix === 'scope' || prefix === 'any') return { prefix, key }
    if (prefix === 'attribute') return { prefix: undefined, key }
    if ((prefix === 'event' || prefix === 'link') && this.#own.table === 'spans') return { prefix, key }
    return { prefix: undefined, key: name }
  }

  #ofRow(name: string, key: string): string {
    const { parameters } = this.#context
    const attribute = () => attributeText(this.#own.table, key, parameters)
    const text = (key === name ? this.#own.text(name, attribute) : undefined) ?? attribute()
    if (!describesResource(name)) return text
    const ofSender = this.#ofSender('resources', attributeText('resources', name, parameters))
    return `if(${text} != '', ${text}, ${ofSender})`
  }

  #ofScope(key: string): string {
    if (key === 'name' || key === 'version') return this.#ofSender('scopes', `toString(scopes.${key})`)
    return this.#ofSender('scopes', attributeText('scopes', key.replace(/^attribute\./, ''), this.#context.parameters))
  }

  /** The first place that has it. */
  #anywhere(key: string): string {
    const elements = this.#own.table === 'spans' ? [`event.attribute.${key}`, `link.attribute.${key}`] : []
    const places = [`attribute.${key}`, `resource.${key}`, `scope.attribute.${key}`, ...elements].map((name) =>
      this.text(name),
    )
    return `coalesce(${places.map((text) => `nullIf(${text}, '')`).join(', ')}, '')`
  }

  #numberAnywhere(key: string): string {
    const elements = this.#own.table === 'spans' ? [`event.attribute.${key}`, `link.attribute.${key}`] : []
    const places = [`attribute.${key}`, `resource.${key}`, `scope.attribute.${key}`, ...elements]
    return `coalesce(${places.map((name) => this.number(name)).join(', ')})`
  }

  #ofSender(table: 'resources' | 'scopes', expression: string): string {
    const columns = this.#joined[table]
    const alias = columns.get(expression) ?? `${table}_${columns.size}`
    columns.set(expression, alias)
    return `of_${table}.${alias}`
  }

  /** No alias is the name of a column of the table, which a filter names as it stands. */
  #join(table: 'resources' | 'scopes', hash: string): string {
    const columns = this.#joined[table]
    if (columns.size === 0) return ''
    const { parameters, retentionDays } = this.#context
    const selected = [...columns].map(([expression, alias]) => `, ${expression} AS ${alias}`)
    return `
  LEFT ANY JOIN (
    SELECT hash AS hash_of_${table}${selected.join('')} FROM ${table}
    WHERE received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)})
    LIMIT 1 BY hash
  ) AS of_${table} ON of_${table}.hash_of_${table} = ${this.#own.table}.${hash}`
  }
}
