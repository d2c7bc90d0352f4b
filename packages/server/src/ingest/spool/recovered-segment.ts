import { closeSync, existsSync, fstatSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { tailWithChecksum } from './crc32-search.ts'
import type { Damage, Piece } from './layout.ts'

/** The file of one table, looked at piece by piece as the journal describes it. */
export class RecoveredSegment {
  readonly #path: string
  readonly #exists: boolean
  readonly #pieces: (Piece & { readonly damage: Damage['of'] | undefined })[] = []
  /** A record that cannot be read came behind the last piece, and may have named one. */
  #gap = false

  constructor(path: string) {
    this.#path = path
    this.#exists = existsSync(path)
  }

  get bytes(): number {
    return this.#pieces.at(-1)?.end ?? 0
  }

  get rows(): number {
    return this.#pieces.reduce((sum, { rows }) => sum + rows, 0)
  }

  get endsDamaged(): boolean {
    return this.#exists && this.#pieces.at(-1)?.damage !== undefined
  }

  get damages(): readonly Damage[] {
    return this.#pieces.flatMap(({ damage, ...piece }) => (damage === undefined ? [] : [{ ...piece, of: damage }]))
  }

  /** A record cannot be read. */
  skip(): void {
    this.#gap = true
  }

  /** A record says that the file went on to `end`. */
  check(end: number, rows: number, crc: number): void {
    const start = this.bytes
    const bytes = this.#exists ? read(this.#path, start, end) : undefined
    const sound = bytes !== undefined && crc32(bytes) === crc
    const before = bytes && !sound && this.#gap ? tailWithChecksum(bytes, crc) : undefined
    this.#gap = false
    if (bytes === undefined || before === undefined) {
      this.#pieces.push({ start, end, rows, damage: sound ? undefined : 'bytes' })
      return
    }
    const middle = start + before
    this.#pieces.push({ start, end: middle, rows: rowsOf(bytes), damage: 'record' })
    this.#pieces.push({ start: middle, end, rows, damage: undefined })
  }

  /** What lies behind the last piece, if a record that cannot be read may have named it. */
  keepRest(damage: 'record' | 'last-record'): void {
    if (!this.#gap || !this.#exists) return
    const start = this.bytes
    const end = statSync(this.#path).size
    const bytes = end > start ? read(this.#path, start, end) : undefined
    if (bytes) this.#pieces.push({ start, end, rows: rowsOf(bytes), damage })
  }

  dropLast(): void {
    this.#pieces.pop()
  }

  /** Makes the file end where its last piece does. @returns whether anything of it is left */
  cut(): boolean {
    if (!this.#exists) return false
    if (this.#pieces.length === 0) rmSync(this.#path, { force: true })
    else if (statSync(this.#path).size > this.bytes) truncateSync(this.#path, this.bytes)
    return this.#pieces.length > 0
  }
}

/** Part of a file; undefined when the file ends before. */
function read(path: string, start: number, end: number): Buffer | undefined {
  const descriptor = openSync(path, 'r')
  try {
    if (end <= start || fstatSync(descriptor).size < end) return undefined
    const bytes = Buffer.allocUnsafe(end - start)
    return readSync(descriptor, bytes, 0, bytes.length, start) === bytes.length ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}

/** Rows of the Native block at the beginning of these bytes, to tell a person: its columns and its rows, as varints. */
function rowsOf(bytes: Buffer): number {
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 49; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  varint()
  const rows = varint()
  return Number.isSafeInteger(rows) && rows <= bytes.length ? rows : 0
}
