import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { defaultSpace } from '../../config/default-space.ts'
import { withBitTurned } from './crc32-search.ts'

const lineFeed = 0x0a
/** Of the checksum in hex, and the space behind it. */
const headerLength = 9

/** What one group commit made durable: one line of a generation's journal. */
const commit = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** For each table written to: where its file ends now, CRC-32 of what was appended, rows appended. */
  files: z.array(z.object({ table: z.string(), end: z.number(), crc: z.number(), rows: z.number() })),
  /** Those whose rows are in it. Journals of version 0.5 and before do not tell: all was of one space then. */
  spaces: z.array(z.string()).default([defaultSpace]),
  /** Keys of the bodies in it, each with what its client was told. */
  bodies: z.array(z.object({ key: z.string(), rejected: z.number(), message: z.string() })),
})
export type Commit = z.infer<typeof commit>

/** The line of a commit: CRC-32 of its JSON in eight hex digits, a space, the JSON, a line feed. */
export function encodeCommit(value: Commit): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  return Buffer.concat([Buffer.from(headerOf(json)), json, Buffer.of(lineFeed)])
}

/** A stretch of a journal: a record, or bytes that are none. Offsets in bytes, `end` not included. */
export interface JournalEntry {
  readonly start: number
  readonly end: number
  /** Undefined where the record cannot be read. */
  readonly commit: Commit | undefined
  /** Whether a bit had to be turned back to read it. */
  readonly mended: boolean
}

/**
 * Everything in a journal, in order. A record with one flipped bit is mended, since its checksum says which bit that is;
 * behind one that cannot be read, reading goes on with the next line.
 */
export function readJournal(journal: Buffer): JournalEntry[] {
  const entries: JournalEntry[] = []
  const lineEnd = (from: number) => {
    const end = journal.indexOf(lineFeed, from)
    return end < 0 ? journal.length : end
  }
  for (let start = 0; start < journal.length; ) {
    let end = lineEnd(start)
    const isWhole = end < journal.length
    const line = journal.subarray(start, end)
    let commit = decodeLine(line)
    const mended = !commit
    commit ??= mendLine(line)
    if (!commit && isWhole) {
      // The flipped bit may have made a line feed of another byte.
      const joined = lineEnd(end + 1)
      commit = mendLine(journal.subarray(start, joined))
      if (commit) end = joined
    }
    if (!commit) {
      // Or another byte of the line feed.
      const length = mergedLineLength(line)
      if (length !== undefined) {
        commit = decodeLine(line.subarray(0, length))
        end = start + length
      }
    }
    end = Math.min(end + 1, journal.length)
    entries.push({ start, end, commit, mended: mended && commit !== undefined })
    start = end
  }
  return entries
}

function decodeLine(line: Buffer): Commit | undefined {
  const json = line.subarray(headerLength)
  return line.toString('latin1', 0, headerLength) === headerOf(json) ? parse(json) : undefined
}

function mendLine(line: Buffer): Commit | undefined {
  const json = line.subarray(headerLength)
  if (differByOneBit(line.subarray(0, headerLength), Buffer.from(headerOf(json)))) return parse(json)
  const header = line.toString('latin1', 0, headerLength)
  if (!/^[0-9a-f]{8} $/.test(header)) return undefined
  const turned = withBitTurned(json, Number.parseInt(header, 16))
  return turned && parse(turned)
}

/** How long the record is at the beginning of a line whose line feed was lost. */
function mergedLineLength(line: Buffer): number | undefined {
  for (let at = 0; at < line.length; at++) {
    if (isPowerOfTwo((line[at] ?? 0) ^ lineFeed) && decodeLine(line.subarray(0, at))) return at
  }
  return undefined
}

function parse(json: Buffer): Commit | undefined {
  try {
    return commit.safeParse(JSON.parse(json.toString())).data
  } catch {
    return undefined
  }
}

function headerOf(json: Buffer): string {
  return `${crc32(json).toString(16).padStart(8, '0')} `
}

function differByOneBit(a: Buffer, b: Buffer): boolean {
  const differences = [...b].map((byte, at) => byte ^ (a[at] ?? 0)).filter((bits) => bits !== 0)
  return a.length === b.length && differences.length === 1 && isPowerOfTwo(differences[0] ?? 0)
}

const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0
