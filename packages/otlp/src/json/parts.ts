import { TooLargeError } from '../decode-error.ts'
import { anyValue, type Field, keyValue } from '../protobuf/messages.ts'

/** Twice `MOST_PARTS` of `assembly/records/request-state.ts`, which counts items apart from what is around them. */
const mostParts = 2_000_000
/** Attributes, values in lists and maps, buckets and bounds. In a list, two bytes of JSON may be nine of protobuf. */
const mostElements = 4_000_000

/** Counts what a request is made of while it is read. */
export class Parts {
  #parts = 0
  #elements = 0

  /** To be called for each element of a repeated field. Throws TooLargeError when it is one too many. */
  count({ type }: Field): void {
    if (typeof type !== 'object' || type === anyValue || type === keyValue) {
      if (++this.#elements > mostElements) tooLarge(mostElements, 'attributes, values of lists and buckets')
    } else if (++this.#parts > mostParts) tooLarge(mostParts, 'items and parts of them')
  }
}

function tooLarge(most: number, what: string): never {
  throw new TooLargeError(`the request has more than ${most} ${what}; send smaller batches`)
}
