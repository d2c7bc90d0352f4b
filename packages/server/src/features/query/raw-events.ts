import type { QueryContext } from '../../querying/context/query-context.ts'
import { columnsOf, contextOf, type EventSignal, fieldsOf, matchEvents } from '../../querying/events/match-events.ts'
import type { RowFields } from '../../querying/fields/row-fields.ts'
import type { Parameters } from '../../querying/statements/parameters.ts'
import type { PlannedAggregate, PlannedQuery } from './plan.ts'
import type { RowSource, RowValue } from './row-source.ts'

/** @param precise percentiles and distinct values by all rows instead of by a sketch */
export function rawEvents(
  query: PlannedQuery,
  context: QueryContext,
  parameters: Parameters,
  precise: boolean,
): RowSource {
  const signal = query.signal as EventSignal
  const filterContext = contextOf(context, signal, parameters)
  const fields = fieldsOf(signal, filterContext)
  const { time, weight, failed } = columnsOf[signal]
  const inputs = new Map([
    ['w', weight],
    ['failed', failed],
  ])
  const compute = new Computation(fields, inputs, parameters, precise)
  const values = query.aggregates.map((aggregate, index) => compute.value(aggregate, index))
  const keys = fields.keys(query.groupBy).map((key, index) => `${key} AS k${index}`)
  return {
    name: () => signal,
    values,
    rows(range) {
      const columns = [...inputs].map(([alias, sql]) => `${sql} AS ${alias}`)
      return `SELECT ${[`toUnixTimestamp64Milli(${time}) AS at`, ...keys, ...columns].join(', ')}
FROM ${fields.from}
WHERE ${matchEvents(signal, query.filter, range, filterContext)}`
    },
  }
}

/** Makes SQL of aggregates, and collects the columns of rows that they need. */
class Computation {
  readonly #fields: RowFields
  readonly #inputs: Map<string, string>
  readonly #parameters: Parameters
  readonly #precise: boolean

  constructor(fields: RowFields, inputs: Map<string, string>, parameters: Parameters, precise: boolean) {
    this.#fields = fields
    this.#inputs = inputs
    this.#parameters = parameters
    this.#precise = precise
  }

  value(aggregate: PlannedAggregate, index: number): RowValue {
    const { name, field } = aggregate
    switch (name) {
      case 'rate':
        return { sql: 'sum(w)', perSecond: true, empty: 0, unit: '1/s' }
      case 'error_rate':
        return { sql: 'sumIf(w, failed) / sum(w)', empty: null, unit: '1' }
      case 'count':
        if (field === undefined) return { sql: 'sum(w)', empty: 0 }
        return { sql: `sumIf(w, ${this.#text(field.name, index)} != '')`, empty: 0 }
      case 'uniq': {
        const distinct = this.#precise ? 'uniqExact' : 'uniqCombined64'
        const several = this.#fields.texts(field!.name)
        if (several !== undefined) {
          this.#inputs.set(`t${index}`, several)
          return { sql: `${distinct}Array(t${index})`, empty: 0, ...this.#accuracy() }
        }
        const text = this.#text(field!.name, index)
        return { sql: `${distinct}If(${text}, ${text} != '')`, empty: 0, ...this.#accuracy() }
      }
      default:
        return { ...this.#numeric(aggregate, index), ...this.#unit(field!.name) }
    }
  }

  #numeric({ name, field, percent }: PlannedAggregate, index: number): RowValue {
    const number = `n${index}`
    this.#inputs.set(number, this.#fields.number(field!.name))
    const known = `assumeNotNull(${number})`
    const present = `isNotNull(${number})`
    switch (name) {
      case 'sum':
        return { sql: `sumIf(${known} * w, ${present})`, empty: 0 }
      case 'avg':
        return { sql: `sumIf(${known} * w, ${present}) / sumIf(w, ${present})`, empty: null }
      case 'min':
      case 'max':
        return { sql: `${name}(toNullable(${number}))`, empty: null }
      default: {
        const level = this.#parameters.value('Float64', percent! / 100)
        // Weights that are not whole come from sampling by a share; a thousandth is fine enough for a rank.
        const weight = 'toUInt64(round(w * 1000))'
        const quantile = this.#precise ? 'quantileExactWeightedIf' : 'quantileTDigestWeightedIf'
        return {
          sql: `toFloat64(${quantile}(${level})(${known}, ${weight}, ${present}))`,
          empty: null,
          ...this.#accuracy(),
        }
      }
    }
  }

  #text(name: string, index: number): string {
    this.#inputs.set(`t${index}`, this.#fields.text(name))
    return `t${index}`
  }

  #accuracy(): { approximate?: true } {
    return this.#precise ? {} : { approximate: true }
  }

  #unit(name: string): { unit?: string } {
    const unit = this.#fields.unit(name)
    return unit === undefined ? {} : { unit }
  }
}
