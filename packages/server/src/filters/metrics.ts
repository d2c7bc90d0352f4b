import { type Signal, stringColumn } from './compile.ts'

/** Series are filtered by what describes them: attributes, resource, scope, unit; bare text: a part of the name. */
export const metricSignal: Signal = {
  movedAttributes: false,
  text: (text, { parameters }) => `positionCaseInsensitiveUTF8(name, ${parameters.value('String', text)}) > 0`,
  field(name, condition, context) {
    return name === 'unit' ? stringColumn('unit', condition, context) : undefined
  },
}
