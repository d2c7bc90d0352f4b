import { spanKinds, spanStatuses } from '@burstlet/contract/traces'
import { copiedAttributes, movedAttributes } from '@burstlet/otlp/semantic-conventions'
import { namesOf } from '../filters/attribute-names.ts'
import type { OwnFields } from './row-fields.ts'

const copied = new Map<string, string>(
  Object.entries(copiedAttributes).flatMap(([column, names]) => names.map((name) => [name, column] as const)),
)
const moved = new Map<string, string>(
  Object.entries(movedAttributes).flatMap(([column, key]) => namesOf(key).map((name) => [name, column] as const)),
)

/** A number column that is written by names; a number without one as it is. */
function choice(column: string, names: readonly string[]): string {
  const list = names.map((name) => `'${name}'`).join(', ')
  return `if(${column} < ${names.length}, arrayElement([${list}], ${column} + 1), toString(${column}))`
}

function id(column: string, bytes: number): string {
  return `if(${column} = toFixedString('', ${bytes}), '', lower(hex(${column})))`
}

/** Fields of a span as {@link spanSignal} of the filters has them. */
export const spanFields: OwnFields = {
  table: 'spans',
  text(name, attribute) {
    switch (name) {
      case 'name':
      case 'operation':
        return 'toString(spans.name)'
      case 'kind':
        return choice('spans.kind', spanKinds)
      case 'status':
        return choice('spans.status', spanStatuses)
      case 'status_message':
        return 'spans.status_message'
      case 'duration':
        return 'toString(greatest(spans.duration, 0) / 1e6)'
      case 'trace_id':
        return id('spans.trace_id', 16)
      case 'span_id':
        return id('spans.span_id', 8)
      case 'parent_id':
      case 'parent_span_id':
        return id('spans.parent_id', 8)
      case 'trace_state':
        return 'spans.trace_state'
      default:
        break
    }
    const copy = copied.get(name)
    if (copy === 'http_status') return `if(spans.http_status != 0, toString(spans.http_status), ${attribute()})`
    if (copy !== undefined) return `toString(spans.${copy})`
    const column = moved.get(name)
    return column && `ifNull(spans.${column}, ${attribute()})`
  },
  number(name, attribute) {
    if (name === 'duration') return 'greatest(spans.duration, 0) / 1e6'
    if (copied.get(name) !== 'http_status') return undefined
    return `if(spans.http_status != 0, toFloat64(spans.http_status), ${attribute()})`
  },
  unit: (name) => (name === 'duration' ? 'ms' : undefined),
}
