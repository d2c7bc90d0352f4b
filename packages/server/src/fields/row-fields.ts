import { describesResource, namesOf } from '../filters/attribute-names.ts'
import type { FilterContext } from '../filters/context.ts'
import { attributeText } from '../metrics/labels.ts'
import type { Parameters } from '../search/statement.ts'

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

/**
 * Fields of the rows of one statement as SQL, to group by and to compute with; names as in the filter language. What
 * stands in resources and scopes is joined: `from` has to be asked after all fields are.
 */
export class RowFields {
  readonly #own: OwnFields
  readonly #context: FilterContext
  readonly #senders = new Map<string, string>()
  readonly #scopes = new Map<string, string>()

  constructor(own: OwnFields, context: FilterContext) {
    this.#own = own
    this.#context = context
  }

  /** As text, whatever its type; '' where a row has none. */
  text(name: string): string {
    const { parameters } = this.#context
    if (name === 'service.name' || name === 'service') return `toString(${this.#own.table}.service)`
    if (name.startsWith('resource.')) return this.#sender(name.slice('resource.'.length))
    if (name === 'scope.name' || name === 'scope.version') return this.#scope(name.slice('scope.'.length))
    const key = name.startsWith('attribute.') ? name.slice('attribute.'.length) : name
    const attribute = () => attributeText(this.#own.table, key, parameters)
    const text = (key === name ? this.#own.text(name, attribute) : undefined) ?? attribute()
    if (!describesResource(name)) return text
    return `if(${text} != '', ${text}, ${this.#sender(name)})`
  }

  /** As a number; NULL where a row has none, or has a text there. */
  number(name: string): string {
    const key = name.startsWith('attribute.') ? name.slice('attribute.'.length) : name
    const attribute = () => attributeNumber(this.#own.table, key, this.#context.parameters)
    return (key === name ? this.#own.number(name, attribute) : undefined) ?? attribute()
  }

  unit(name: string): string | undefined {
    return this.#own.unit(name)
  }

  /** The table and what the fields need of others, for FROM. */
  get from(): string {
    return [
      this.#own.table,
      this.#join('resources', 'sender', this.#senders, 'res_hash'),
      this.#join('scopes', 'scope', this.#scopes, 'scope_hash'),
    ].join('')
  }

  #join(table: 'resources' | 'scopes', alias: string, columns: ReadonlyMap<string, string>, hash: string): string {
    if (columns.size === 0) return ''
    const { parameters, space, retentionDays } = this.#context
    const selected = [...columns.values()].map((expression, index) => `, ${expression} AS ${alias}_${index}`)
    return `
  LEFT ANY JOIN (
    SELECT hash AS ${alias}_hash${selected.join('')} FROM ${table}
    WHERE space = ${parameters.value('String', space)} AND received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)})
    LIMIT 1 BY hash
  ) AS ${alias}_of ON ${alias}_of.${alias}_hash = ${this.#own.table}.${hash}`
  }

  #sender(key: string): string {
    return joined(this.#senders, 'sender', key, () => attributeText('resources', key, this.#context.parameters))
  }

  #scope(column: string): string {
    return joined(this.#scopes, 'scope', column, () => `toString(scopes.${column})`)
  }
}

function joined(columns: Map<string, string>, alias: string, key: string, expression: () => string): string {
  if (!columns.has(key)) columns.set(key, expression())
  return `${alias}_of.${alias}_${[...columns.keys()].indexOf(key)}`
}

/** An attribute as Nullable(Float64): of the maps of integers and doubles, under all of its names. */
export function attributeNumber(table: string, key: string, parameters: Parameters): string {
  const cases = namesOf(key).flatMap((name) => {
    const wanted = parameters.value('String', name)
    return ['attr_i', 'attr_f'].map(
      // JSON has no infinities: what is none of its numbers is taken for missing.
      (map) =>
        `mapContains(${table}.${map}, ${wanted}) AND isFinite(${table}.${map}[${wanted}]), toFloat64(${table}.${map}[${wanted}])`,
    )
  })
  return `multiIf(${cases.join(', ')}, NULL)`
}
