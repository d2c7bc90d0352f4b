import type { Signal } from './compile.ts'
import { stringColumn } from './value-conditions.ts'

/** Series are filtered by what describes them: attributes, resource, scope, unit, name; bare text: a part of the name. */
export const metricSignal: Signal = {
  movedAttributes: false,
  text: (text, { parameters }) => `positionCaseInsensitiveUTF8(name, ${parameters.value('String', text)}) > 0`,
  field(name, condition, context) {
    if (name === 'unit') return stringColumn('unit', condition, context.parameters)
    return name === 'name' || name === 'metric' || name === 'metric.name'
      ? stringColumn('name', condition, context.parameters)
      : undefined
  },
}
