import { adjustedCount } from '../adjusted-count.ts'
import type { AnnouncedRows } from '../announced-rows.ts'
import { tables } from '../columns.ts'
import { errorGroup } from '../error-group.ts'
import { Hash64 } from '../hash.ts'
import { roleOf } from '../semantic-conventions.ts'
import type { SeriesLimits } from '../series-limits.ts'
import { decodeText, doubleText } from '../text.ts'
import { decodeError } from './faults.ts'
import type { LinearMemory } from './linear-memory.ts'
import { Rejections, rejectionReasons } from './rejections.ts'

const encoder = new TextEncoder()

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
} as const satisfies Record<string, ItemNames>

/** What the module calls, see `assembly/host.ts`: all that is rare, or about text. Ranges are addresses in its memory. */
export class Host {
  announced: AnnouncedRows | undefined
  limits: SeriesLimits | undefined
  readonly rejections = new Rejections()
  readonly #memory: LinearMemory
  readonly #hash = new Hash64()
  #item: ItemNames = itemNames.traces
  #received = 0

  constructor(memory: LinearMemory) {
    this.#memory = memory
  }

  /** `received`: seconds since 1970. */
  beginRequest(item: ItemNames, received: number): void {
    this.#item = item
    this.#received = received
    this.rejections.clear()
  }

  readonly imports = {
    fail: (fault: number, position: number, detail: number): never => {
      throw decodeError(fault, position, detail)
    },
    roleOf: (start: number, end: number): number => roleOf(this.#text(start, end)),
    isAnnounced: (low: number, high: number, owner: number): boolean => this.announced?.has(low, high, owner) ?? false,
    adjustedCount: (start: number, end: number): number => adjustedCount(this.#text(start, end)),
    errorGroup: (facts: number, target: number): void => this.#errorGroup(facts, target),
    reject: (reason: number, start: number, end: number): void => this.#reject(reason, start, end),
    admits: (metricStart: number, metricEnd: number, serviceStart: number, serviceEnd: number): boolean =>
      this.limits?.admit(this.#text(metricStart, metricEnd), this.#text(serviceStart, serviceEnd), this.#received) ??
      true,
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

  #reject(reason: number, start: number, end: number): void {
    const { one, excerpt } = this.#item
    this.rejections.add(
      rejectionReasons[reason]!,
      () => `${one} ${JSON.stringify(this.#text(start, end).slice(0, excerpt))}`,
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
