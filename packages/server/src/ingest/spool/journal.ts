import { crc32 } from 'node:zlib'
import { z } from 'zod'

/** What one group commit made durable: one line of a generation's journal. */
const commit = z.object({
  /** Milliseconds since 1970. */
  at: z.number(),
  /** For each table written to: where its file ends now, CRC-32 of what was appended, rows appended. */
  files: z.array(z.object({ table: z.string(), end: z.number(), crc: z.number(), rows: z.number() })),
  /** Keys of the bodies in it, each with what its client was told. */
  bodies: z.array(z.object({ key: z.string(), rejected: z.number(), message: z.string() })),
})
export type Commit = z.infer<typeof commit>

/** The line of a commit: CRC-32 of its JSON in eight hex digits, a space, the JSON, a line feed. */
export function encodeCommit(value: Commit): Buffer {
  const json = JSON.stringify(value)
  return Buffer.from(`${checksum(json)} ${json}\n`)
}

/** The whole lines of a journal, up to the first that is torn or damaged, and how many bytes they take. */
export function decodeCommits(journal: Buffer): { commits: Commit[]; bytes: number } {
  const commits: Commit[] = []
  let bytes = 0
  while (true) {
    const end = journal.indexOf(0x0a, bytes)
    if (end < 0) return { commits, bytes }
    const parsed = decodeLine(journal.toString('utf8', bytes, end))
    if (!parsed) return { commits, bytes }
    commits.push(parsed)
    bytes = end + 1
  }
}

function decodeLine(line: string): Commit | undefined {
  const json = line.slice(9)
  if (line.slice(0, 8) !== checksum(json)) return undefined
  return commit.safeParse(JSON.parse(json)).data
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
