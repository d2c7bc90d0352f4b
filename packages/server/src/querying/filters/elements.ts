import { FilterError } from '@burstlet/query-language/filter'
import { textOperand } from './attribute-text.ts'
import type { FilterContext } from './context.ts'
import { idColumn } from './id-column.ts'
import { conditionOn, type FieldCondition, onOperand, stringColumn } from './value-conditions.ts'

/** What a row has several of, each a place in some array columns: the events and the links of a span. */
export interface Elements {
  /** Column by the name that it has in the SQL of one element. */
  readonly columns: Readonly<Record<string, string>>
  /** SQL for a condition on a field of one element that is not an attribute; undefined when there is no such field. */
  field(name: string, condition: FieldCondition, context: FilterContext): string | undefined
  /** The same field as text; undefined when there is no such field. */
  fieldText(name: string): string | undefined
  /** SQL for a bare text. */
  text(wanted: string, column: number): string
  /** The JSON of the attributes of one element. */
  readonly attributes: string
}

export const spanEvents: Elements = {
  columns: { event_name: '`events.name`', event_attributes: '`events.attributes`' },
  attributes: 'event_attributes',
  field: (name, condition, { parameters }) =>
    name === 'name' ? stringColumn('toString(event_name)', condition, parameters) : undefined,
  fieldText: (name) => (name === 'name' ? 'toString(event_name)' : undefined),
  text: (wanted) => `positionCaseInsensitiveUTF8(event_name, ${wanted}) > 0`,
}

export const spanLinks: Elements = {
  columns: {
    link_trace_id: '`links.trace_id`',
    link_span_id: '`links.span_id`',
    link_trace_state: '`links.trace_state`',
    link_attributes: '`links.attributes`',
  },
  attributes: 'link_attributes',
  field(name, condition, { parameters }) {
    switch (name) {
      case 'trace_id':
        return idColumn('link_trace_id', 16, condition, parameters)
      case 'span_id':
        return idColumn('link_span_id', 8, condition, parameters)
      case 'trace_state':
        return stringColumn('link_trace_state', condition, parameters)
      default:
        return undefined
    }
  },
  fieldText(name) {
    switch (name) {
      case 'trace_id':
      case 'span_id':
        return `lower(hex(link_${name}))`
      case 'trace_state':
        return 'link_trace_state'
      default:
        return undefined
    }
  },
  text(_wanted, column) {
    throw new FilterError('A link has no text; a condition with a field is needed, such as span_id EXISTS', column)
  },
}

/** SQL for a condition on one element. `attribute.KEY` is an attribute even where a field has the name. */
export function elementCondition(elements: Elements, condition: FieldCondition, context: FilterContext): string {
  const { name } = condition.field
  const own = elements.field(name, condition, context)
  if (own !== undefined) return own
  const key = name.startsWith('attribute.') ? name.slice('attribute.'.length) : name
  const { parameters } = context
  const place = (each: FieldCondition) => onOperand(textOperand(elements.attributes, key, parameters), each, parameters)
  return conditionOn([place], condition)
}

/** Some element of the row fulfils the SQL. */
export function someElement(elements: Elements, sql: string): string {
  return overElements('arrayExists', elements, sql)
}

/** The SQL of each element of the row, as an array. */
export function mapElements(elements: Elements, sql: string): string {
  return overElements('arrayMap', elements, sql)
}

/** Only the columns that the SQL names are read. */
function overElements(of: 'arrayExists' | 'arrayMap', { columns }: Elements, sql: string): string {
  const used = Object.entries(columns).filter(([alias]) => new RegExp(`\\b${alias}\\b`).test(sql))
  const read = used.length > 0 ? used : Object.entries(columns).slice(0, 1)
  const aliases = read.map(([alias]) => alias).join(', ')
  return `${of}((${aliases}) -> ${sql}, ${read.map(([, column]) => column).join(', ')})`
}
