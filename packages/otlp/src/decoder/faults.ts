import { DecodeError } from '../decode-error.ts'

/** What can be wrong with a message, in the order of the numbers in `assembly/protobuf/reader.ts`. */
const faults: readonly ((detail: number) => string)[] = [
  () => 'a field has the number 0',
  () => 'a number is cut off',
  () => 'a number is longer than ten bytes',
  () => 'a field is cut off',
  () => 'a message is cut off',
  (wireType) => `a field has the wire type ${wireType}`,
  () => 'groups are nested deeper than 100',
  () => 'a group is cut off',
  () => 'a group ends that did not begin',
  () => 'values are nested deeper than 200',
  () => 'a resource has too many entity refs',
  (bytes) => `an attribute is larger than ${bytes} bytes`,
  (most) => `an event, link, exemplar or metric has more than ${most} attributes`,
]

/** The error that refuses a body. `position` is in bytes from its start. */
export function decodeError(fault: number, position: number, detail: number): DecodeError {
  return new DecodeError(`not a valid protobuf message: ${faults[fault]?.(detail)} at byte ${position}`)
}
