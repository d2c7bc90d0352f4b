/// <reference path="./webassembly.d.ts" />
import { readFileSync } from 'node:fs'
import type { MostAttributes } from '../attribute-limits.ts'
import { type TableName, tables } from '../columns.ts'
import { Host } from './host.ts'
import { LinearMemory } from './linear-memory.ts'

/** What `assembly/index.ts` exports. Addresses and lengths are in bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory
  initialize(seed: bigint): void
  spaceAddress(length: number): number
  useSpace(): void
  beginBatch(perRecord: number, valueBytes: number, maxKeys: number): void
  reconsider(role: number): void
  overfull(): number
  bodyAddress(length: number): number
  addRequest(signal: number, start: number, length: number, receivedNanos: bigint): void
  numberLogs(count: number, first: number, counterBits: number): void
  accepted(): number
  untimed(): number
  lostEnums(): number
  rowsOf(table: number): number
  encode(table: number): void
  blockStart(table: number): number
  blockEnd(table: number): number
  announcesStart(): number
  announcesEnd(): number
}

/** The bytes of a block of a table. */
export interface EncodedBlock {
  readonly table: TableName
  readonly rows: number
  readonly bytes: Uint8Array
}

const module = new WebAssembly.Module(readFileSync(new URL('../generated/decoder.wasm', import.meta.url)))
const tableNames = Object.keys(tables) as readonly TableName[]
const tableSeed = crypto.getRandomValues(new BigUint64Array(1))[0]!
const encoder = new TextEncoder()
/** Of attribute keys, counted in the limit of one signal: all three may be in a batch, and some that are refused. */
const keysOfBatch = 4

/** A limit as an unsigned word, whose largest value stands for none. */
function word(limit: number): number {
  return Math.min(limit, 0xffff_ffff)
}

/** The decoder, with a memory of its own. */
export class DecoderInstance {
  readonly #memory = new LinearMemory()
  readonly host = new Host(this.#memory)
  readonly exports: Exports
  #space: string | undefined

  constructor() {
    const { exports } = new WebAssembly.Instance(module, { host: this.host.imports })
    this.exports = exports as Exports
    this.#memory.attach(this.exports.memory)
    this.exports.initialize(tableSeed)
  }

  /** All that the memory takes; it never gets less. */
  get heldBytes(): number {
    return this.#memory.bytes.length
  }

  beginBatch(most: MostAttributes): void {
    this.exports.beginBatch(word(most.perRecord), word(most.valueBytes), word(most.keys * keysOfBatch))
  }

  /** The requests that follow are of this space. */
  useSpace(space: string): void {
    if (space === this.#space) return
    const name = encoder.encode(space)
    const address = this.exports.spaceAddress(name.length)
    this.#memory.bytes.set(name, address)
    this.exports.useSpace()
    this.#space = space
  }

  /** @throws DecodeError when the body cannot be read; WebAssembly.RuntimeError on a fault of the decoder */
  addRequest(signal: number, body: Uint8Array, receivedNanos: bigint): void {
    const address = this.exports.bodyAddress(body.length)
    // Not `set`, which copies out of memory that threads share six times slower.
    if (body.length > 0) this.#memory.buffer.fill(body, address, address + body.length)
    this.exports.addRequest(signal, address, body.length, receivedNanos)
  }

  /** A block of each table that has rows, in the order of `columns.ts`. Valid until the next batch is encoded. */
  encode(): EncodedBlock[] {
    const { exports } = this
    const filled = [...tableNames.keys()].filter((table) => exports.rowsOf(table) > 0)
    for (const table of filled) exports.encode(table)
    // Only now, since the memory may have grown meanwhile.
    const { bytes } = this.#memory
    return filled.map((table) => ({
      table: tableNames[table]!,
      rows: exports.rowsOf(table),
      bytes: bytes.subarray(exports.blockStart(table), exports.blockEnd(table)),
    }))
  }

  /** For `AnnouncedRows.confirm`. */
  announces(): Int32Array {
    return new Int32Array(this.#memory.bytes.slice(this.exports.announcesStart(), this.exports.announcesEnd()).buffer)
  }
}
