import { adjustedCount } from '../adjusted-count.ts'
import type { BatchContext } from '../batch-context.ts'
import { tables } from '../columns.ts'
import { TooLargeError } from '../decode-error.ts'
import { errorGroup } from '../error-group.ts'
import { Hash64 } from '../hash.ts'
import { keyRefused, keyTooLong, noRole, roleOf } from '../semantic-conventions.ts'
import type { Signal } from '../signal.ts'
import { decodeText, doubleText } from '../text.ts'
import { decodeError } from './faults.ts'
import type { LinearMemory } from './linear-memory.ts'
import { Rejections, rejectionReasons } from './rejections.ts'

const encoder = new TextEncoder()
/** Of a key, in a message. */
const maxKey = 60

/** What an item is called where it is rejected. */
export interface ItemNames {
  readonly one: string
  readonly many: string
  /** Most characters of its name, or of a log's body, that are said. */
  readonly excerpt: number
}

export const itemNames = {
  traces: { one: 'span', many: 'spans', excerpt: Number.POSITIVE_INFINITY },
  logs: { one: 'log record', many: 'log records', excerpt: 60 },
  metrics: { one: 'metric', many: 'data points', excerpt: Number.POSITIVE_INFINITY },
} as const satisfies Record<Signal, ItemNames>

/** What the module calls, see `assembly/host.ts`: all that is rare, or about text. Ranges are addresses in its memory. */
export class Host {
  readonly rejections = new Rejections()
  readonly #memory: LinearMemory
  readonly #hash = new Hash64()
  #context: BatchContext | undefined
  #space = ''
  #signal: Signal | undefined
  #refusedKeys = false
  #item: ItemNames = itemNames.traces
  #received = 0

  constructor(memory: LinearMemory) {
    this.#memory = memory
  }

  beginBatch(context: BatchContext): void {
    this.#context = context
    this.#signal = undefined
    this.#refusedKeys = false
  }

  /**
   * Answers whether the roles of keys that were refused may be others now.
   * @param received seconds since 1970
   */
  beginRequest(space: string, signal: Signal, received: number): boolean {
    const isOther = space !== this.#space || signal !== this.#signal
    this.#space = space
    this.#signal = signal
    this.#item = itemNames[signal]
    this.#received = received
    this.rejections.clear()
    return isOther && this.#refusedKeys
  }

  readonly imports = {
    fail: (fault: number, position: number, detail: number): never => {
      throw decodeError(fault, position, detail)
    },
    tooLarge: (most: number): never => {
      throw new TooLargeError(
        `the request has more than ${most} items, events, links and exemplars; send smaller batches`,
      )
    },
    tooManyValues: (most: number): never => {
      throw new TooLargeError(`the request has more than ${most} values in arrays and maps; send smaller batches`)
    },
    memoryFull: (): never => {
      throw new TooLargeError('the request takes more memory than a request may; send smaller batches')
    },
    roleOf: (start: number, end: number, low: number, high: number, overfull: number): number =>
      this.#roleOf(start, end, low, high, overfull !== 0),
    isAnnounced: (low: number, high: number, owner: number): boolean =>
      this.#context?.announced.has(low, high, owner) ?? false,
    adjustedCount: (start: number, end: number): number => adjustedCount(this.#text(start, end)),
    errorGroup: (facts: number, target: number): void => this.#errorGroup(facts, target),
    reject: (reason: number, start: number, end: number, keyStart: number, keyEnd: number): void =>
      this.#reject(reason, start, end, keyStart, keyEnd),
    admits: (metricStart: number, metricEnd: number, serviceStart: number, serviceEnd: number): boolean =>
      this.#context?.limits?.admit(
        this.#space,
        this.#text(metricStart, metricEnd),
        this.#text(serviceStart, serviceEnd),
        this.#received,
      ) ?? true,
    writeQuoted: (start: number, end: number, target: number): number =>
      this.#write(JSON.stringify(this.#text(start, end)), target),
    writeDouble: (value: number, target: number): number => this.#write(doubleText(value), target),
    misaligned: (table: number, column: number, rows: number, expected: number): never => {
      const [name, columns] = Object.entries(tables)[table]!
      throw new Error(`${name}.${columns[column]?.name} has ${rows} rows, the block has ${expected}`)
    },
  }

  #text(start: number, end: number): string {
    return decodeText(this.#memory.bytes, start, end)
  }

  #write(text: string, target: number): number {
    return target + encoder.encodeInto(text, this.#memory.bytes.subarray(target)).written
  }

  #roleOf(start: number, end: number, low: number, high: number, overfull: boolean): number {
    // What all further keys count as must not have the role of the one that came first.
    const role = overfull ? noRole : roleOf(this.#text(start, end))
    const limits = this.#context?.attributeLimits
    if (role !== noRole || limits === undefined || this.#signal === undefined) return role
    if (!overfull && end - start > limits.most.keyBytes) return keyTooLong
    if (!overfull && limits.admits(this.#space, this.#signal, low, high, this.#received)) return noRole
    this.#refusedKeys = true
    return keyRefused
  }

  #reject(reason: number, start: number, end: number, keyStart: number, keyEnd: number): void {
    const { one, excerpt } = this.#item
    const attribute = () => `, attribute ${JSON.stringify(this.#text(keyStart, keyEnd).slice(0, maxKey))}`
    this.rejections.add(
      rejectionReasons[reason]!,
      () => `${one} ${JSON.stringify(this.#text(start, end).slice(0, excerpt))}${keyStart === 0 ? '' : attribute()}`,
    )
  }

  #errorGroup(facts: number, target: number): void {
    const { words } = this.#memory
    const fact = (index: number) => this.#text(words[facts / 4 + index * 2]!, words[facts / 4 + index * 2 + 1]!)
    const { low, high } = errorGroup(
      { service: fact(0), type: fact(1), message: fact(2), stack: fact(3), operation: fact(4) },
      this.#hash,
    )
    words[target / 4] = low
    words[target / 4 + 1] = high
  }
}
