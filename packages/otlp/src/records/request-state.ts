import type { AnnouncedRows } from '../announced-rows.ts'
import { Hash64 } from '../hash.ts'
import { HashSet64 } from '../hash-set.ts'
import { GrowingWords } from '../native/growing-words.ts'
import { KeyDictionary } from '../native/key-dictionary.ts'
import { ProtobufReader } from '../protobuf/reader.ts'
import type { RecordIds } from '../record-ids.ts'
import { roleOf } from '../semantic-conventions.ts'
import { Rejections } from './rejections.ts'

/** What one call of `decodeRequest` is given. */
export interface DecodeContext {
  /** The tenant whose data it is. */
  readonly space: string
  /** Wall clock at receipt, in nanoseconds since 1970. */
  readonly receivedNanos: bigint
  /** What is stored already; belongs to one thread. */
  readonly announced: AnnouncedRows
  /** Where log records get their ids from; by default a counter of this thread. */
  readonly recordIds?: RecordIds
}

// The table part of an owner in `AnnouncedRows`; with the day in the bits above it.
export const RESOURCES = 1
export const SCOPES = 2
export const SERIES = 3

const NANOS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400
const encoder = new TextEncoder()

/** What the writers of one request share; used again for the next. */
export class RequestState {
  readonly reader = new ProtobufReader()
  readonly keys = new KeyDictionary(roleOf)
  readonly rejections = new Rejections()
  accepted = 0
  untimed = false
  space: Uint8Array = new Uint8Array(0)
  /** Seconds since 1970. */
  received = 0
  receivedLow = 0
  receivedHigh = 0
  receivedMilliseconds = 0
  recordIds: RecordIds | undefined
  readonly #spaceHash = new Hash64()
  readonly #announces = new GrowingWords()
  readonly #inRequest = new HashSet64()
  #announced: AnnouncedRows | undefined

  begin(body: Uint8Array, context: DecodeContext): void {
    this.reader.open(body)
    this.keys.clear()
    this.rejections.clear()
    this.accepted = 0
    this.untimed = false
    this.space = encoder.encode(context.space)
    this.#spaceHash.begin(5).bytes(this.space, 0, this.space.length).finish()
    this.received = Number(context.receivedNanos / NANOS_PER_SECOND)
    this.receivedLow = Number(BigInt.asIntN(32, context.receivedNanos))
    this.receivedHigh = Number(BigInt.asIntN(32, context.receivedNanos >> 32n))
    this.receivedMilliseconds = Number(context.receivedNanos / 1_000_000n)
    this.recordIds = context.recordIds
    this.#announces.clear()
    this.#inRequest.clear()
    this.#announced = context.announced
  }

  /** Whether this row still has to be stored today; if so, it is from now on taken as stored by this request. */
  announce(table: number, hash: Hash64): boolean {
    const owner = (Math.floor(this.received / SECONDS_PER_DAY) << 2) | table
    const low = (hash.low + this.#spaceHash.low) | 0
    const high = (hash.high + this.#spaceHash.high) | 0
    if (!this.#inRequest.add(low, high, owner)) return false
    if (this.#announced?.has(low, high, owner)) return false
    this.#announces.push(low)
    this.#announces.push(high)
    this.#announces.push(owner)
    return true
  }

  /** For `AnnouncedRows.confirm`. */
  announces(): Int32Array {
    return new Int32Array(this.#announces.words.slice(0, this.#announces.length).buffer)
  }
}
