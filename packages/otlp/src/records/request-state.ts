import type { AnnouncedRows } from '../announced-rows.ts'
import { type AttributeLimits, unboundedAttributes } from '../attribute-limits.ts'
import { TooLargeError } from '../decode-error.ts'
import { Hash64 } from '../hash.ts'
import { ENTRY_WORDS, HashSet64 } from '../hash-set.ts'
import { GrowingWords } from '../native/growing-words.ts'
import { KeyDictionary } from '../native/key-dictionary.ts'
import { ProtobufReader } from '../protobuf/reader.ts'
import type { RecordIds } from '../record-ids.ts'
import { KEY_REFUSED, KEY_TOO_LONG, NO_ROLE, roleOf } from '../semantic-conventions.ts'
import type { SeriesLimits } from '../series-limits.ts'
import { type RejectionReason, Rejections } from './rejections.ts'

/** What all requests of a batch share. */
export interface BatchContext {
  /** The tenant whose data it is. */
  readonly space: string
  /** What is stored already; belongs to one thread. */
  readonly announced: AnnouncedRows
  /** Where log records get their ids from; by default a counter of this thread. */
  readonly recordIds?: RecordIds
  /** Counts new series; belongs to one thread. Unbounded when unset. */
  readonly limits?: SeriesLimits
  /** What attributes may be; belongs to one thread. Unbounded when unset. */
  readonly attributeLimits?: AttributeLimits
}

/** What one call of `decodeRequest` is given. */
export interface DecodeContext extends BatchContext {
  /** Wall clock at receipt, in nanoseconds since 1970. */
  readonly receivedNanos: bigint
}

// The table part of an owner in `AnnouncedRows`; with the day in the bits above it.
export const RESOURCES = 1
export const SCOPES = 2
export const SERIES = 3

const NANOS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400

/**
 * Rows and elements of rows that a request may become. The smallest log record takes two bytes of a body and more than
 * a hundred of memory: without a bound, 64 MB of them would be gigabytes.
 */
const MOST_PARTS = 1_000_000
/** Of attribute keys, counted in the limit of one signal: all three may be in a batch, and some that are refused. */
const KEYS_OF_BATCH = 4
const encoder = new TextEncoder()

/** What the writers of one batch share; used again for the next. */
export class RequestState {
  readonly reader = new ProtobufReader()
  readonly keys: KeyDictionary = new KeyDictionary((key, length, low, high) => this.#roleOf(key, length, low, high))
  /** What the attributes of records may be. */
  mostAttributes = unboundedAttributes
  /** What is wrong with the attributes of the current resource and scope, if anything: it costs all items below. */
  resourceFault: RejectionReason | undefined
  scopeFault: RejectionReason | undefined
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
  /** What the fingerprints of the space's series begin with. */
  readonly seriesSpaceHash = new Hash64()
  limits: SeriesLimits | undefined
  readonly #spaceHash = new Hash64()
  readonly #announces = new GrowingWords()
  readonly #inBatch = new HashSet64()
  readonly #refused = new HashSet64()
  #announced: AnnouncedRows | undefined
  #attributeLimits: AttributeLimits | undefined
  #signal = ''
  #refusedKeys = false
  #requests = 0
  #parts = 0

  beginBatch(context: BatchContext): void {
    this.keys.clear()
    this.#attributeLimits = context.attributeLimits
    this.mostAttributes = context.attributeLimits?.most ?? unboundedAttributes
    this.keys.most = this.mostAttributes.keys * KEYS_OF_BATCH
    this.#signal = ''
    this.#refusedKeys = false
    this.#requests = 0
    this.space = encoder.encode(context.space)
    this.seriesSpaceHash.begin(SERIES).bytes(this.space, 0, this.space.length).finish()
    this.#spaceHash.begin(5).bytes(this.space, 0, this.space.length).finish()
    this.recordIds = context.recordIds
    this.limits = context.limits
    this.limits?.beginBatch()
    this.#refused.clear()
    this.#announces.clear()
    this.#inBatch.clear()
    this.#announced = context.announced
  }

  beginRequest(signal: string, body: Uint8Array, receivedNanos: bigint): void {
    this.reader.open(body)
    this.rejections.clear()
    this.resourceFault = undefined
    this.scopeFault = undefined
    this.#requests++
    this.#parts = 0
    this.accepted = 0
    this.untimed = false
    this.received = Number(receivedNanos / NANOS_PER_SECOND)
    this.receivedLow = Number(BigInt.asIntN(32, receivedNanos))
    this.receivedHigh = Number(BigInt.asIntN(32, receivedNanos >> 32n))
    this.receivedMilliseconds = Number(receivedNanos / 1_000_000n)
    if (signal === this.#signal) return
    this.#signal = signal
    // The keys that the signal before had no room for, this one may have.
    if (this.#refusedKeys) this.keys.reconsider(KEY_REFUSED)
  }

  /** To be called when a request has been read. @throws Error when the requests before left it no room for its keys */
  endRequest(): void {
    if (this.keys.isOverfull && this.#requests > 1) throw new Error('too many keys for one batch')
  }

  /**
   * Counts an item that is kept.
   * @param parts of it that take rows or elements of their own: events, links, exemplars, some buckets
   * @throws TooLargeError when it is one too many for a request
   */
  accept(parts: number): void {
    this.accepted++
    this.#parts += 1 + parts
    if (this.#parts <= MOST_PARTS) return
    throw new TooLargeError(
      `the request has more than ${MOST_PARTS} items, events, links and exemplars; send smaller batches`,
    )
  }

  /** Whether this row still has to be stored today; if so, it is from now on taken as stored by this batch. */
  announce(table: number, hash: Hash64): boolean {
    const owner = (Math.floor(this.received / SECONDS_PER_DAY) << 2) | table
    const low = (hash.low + this.#spaceHash.low) | 0
    const high = (hash.high + this.#spaceHash.high) | 0
    // Most are stored since long: asked first, the set of the batch stays small.
    if (this.#announced?.has(low, high, owner)) return false
    if (!this.#inBatch.add(low, high, owner)) return false
    this.#announces.push(low)
    this.#announces.push(high)
    this.#announces.push(owner)
    return true
  }

  /** Takes the last `announce` back: its row is not stored, in this batch. */
  refuseLast(hash: Hash64): void {
    this.#announces.length -= ENTRY_WORDS
    this.#refused.add(hash.low, hash.high, 1)
  }

  isRefused(hash: Hash64): boolean {
    return this.#refused.size > 0 && this.#refused.has(hash.low, hash.high, 1)
  }

  #roleOf(key: string, length: number, low: number, high: number): number {
    const role = roleOf(key)
    const limits = this.#attributeLimits
    if (role !== NO_ROLE || limits === undefined) return role
    if (length > limits.most.keyBytes) return KEY_TOO_LONG
    if (!this.keys.isOverfull && limits.admits(this.#signal, low, high, this.received)) return NO_ROLE
    this.#refusedKeys = true
    return KEY_REFUSED
  }

  /** For `AnnouncedRows.confirm`. */
  announces(): Int32Array {
    return new Int32Array(this.#announces.words.slice(0, this.#announces.length).buffer)
  }
}
