import { readFileSync } from 'node:fs'
import { type TableName, tables } from '../columns.ts'
import { Host } from './host.ts'
import { LinearMemory } from './linear-memory.ts'
import { Rejections } from './rejections.ts'

/** What `assembly/index.ts` exports. Addresses and lengths are in bytes. */
interface Exports {
  readonly memory: WebAssembly.Memory
  initialize(seed: bigint): void
  spaceAddress(length: number): number
  beginBatch(): void
  bodyAddress(length: number, misalignment: number): number
  addRequest(signal: number, start: number, length: number, receivedNanos: bigint): void
  numberLogs(count: number, first: number, counterBits: number): void
  accepted(): number
  untimed(): number
  rowsOf(table: number): number
  encode(table: number): void
  blockStart(table: number): number
  blockEnd(table: number): number
  announcesStart(): number
  announcesEnd(): number
}

const module = new WebAssembly.Module(readFileSync(new URL('../generated/decoder.wasm', import.meta.url)))
const [tableSeed] = crypto.getRandomValues(new BigInt64Array(1))

/** The decoder, with a memory of its own. */
export class DecoderInstance {
  readonly memory = new LinearMemory()
  readonly host = new Host(this.memory, new Rejections())
  readonly exports: Exports

  constructor() {
    const { exports } = new WebAssembly.Instance(module, { host: this.host.imports })
    this.exports = exports as Exports
    this.memory.attach(this.exports.memory)
    this.exports.initialize(tableSeed!)
  }

  setSpace(space: Uint8Array): void {
    const address = this.exports.spaceAddress(space.length)
    this.memory.bytes.set(space, address)
  }

  /** Copies a body into the memory; answers where it is. */
  setBody(body: Uint8Array): number {
    const address = this.exports.bodyAddress(body.length, body.byteOffset & 7)
    // A view of its own: of a Buffer, `set` would be slower.
    this.memory.bytes.set(new Uint8Array(body.buffer, body.byteOffset, body.length), address)
    return address
  }
}

export const tableNames = Object.keys(tables) as readonly TableName[]
