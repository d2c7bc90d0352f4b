import { levels } from '@burstlet/contract/common'
import type { OwnFields } from './row-fields.ts'

/** Severity numbers 1-4 are trace, 5-8 debug, and so on: the level's place in the contract's list. */
const level = `arrayElement([${levels.map((each) => `'${each}'`).join(', ')}], least(intDiv(logs.severity + 3, 4), 6) + 1)`

/** Fields of a log record as {@link logSignal} of the filters has them. */
export const logFields: OwnFields = {
  table: 'logs',
  text(name) {
    switch (name) {
      case 'body':
      case 'message':
        return 'logs.body'
      case 'severity':
      case 'level':
        return level
      case 'severity_text':
        return 'toString(logs.severity_text)'
      case 'event_name':
        return 'toString(logs.event_name)'
      case 'trace_id':
        return `if(logs.trace_id = toFixedString('', 16), '', lower(hex(logs.trace_id)))`
      case 'span_id':
        return `if(logs.span_id = toFixedString('', 8), '', lower(hex(logs.span_id)))`
      default:
        return undefined
    }
  },
  number: (name) => (name === 'severity' ? 'if(logs.severity = 0, NULL, toFloat64(logs.severity))' : undefined),
  unit: () => undefined,
}
