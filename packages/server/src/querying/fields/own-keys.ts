import type { FieldKey } from '@burstlet/contract/fields'
import type { QuerySignal } from '@burstlet/contract/query'

/** What every row has, whatever it was sent with. */
export const ownKeys: Record<QuerySignal, readonly (readonly [string, FieldKey['type']])[]> = {
  spans: [
    ['service.name', 'string'],
    ['name', 'string'],
    ['kind', 'string'],
    ['status', 'string'],
    ['duration', 'number'],
    ['status_message', 'string'],
    ['trace_id', 'string'],
    ['span_id', 'string'],
    ['parent_id', 'string'],
    ['event.name', 'string'],
  ],
  logs: [
    ['service.name', 'string'],
    ['level', 'string'],
    ['severity', 'number'],
    ['body', 'string'],
    ['event_name', 'string'],
    ['trace_id', 'string'],
    ['span_id', 'string'],
  ],
  metrics: [
    ['service.name', 'string'],
    ['name', 'string'],
    ['unit', 'string'],
  ],
}
