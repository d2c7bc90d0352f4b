import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What a folder with data holds. */
export const manifest = z.object({
  spans: z.number(),
  logs: z.number(),
  traces: z.number(),
  /** Seconds since 1970. */
  week: z.object({ from: z.number(), to: z.number() }),
  /** Pieces that are in the tables: a run that was cut short goes on after them. */
  made: z.record(z.string(), z.number()),
  /** Bytes an item, ours and theirs, once both are there. */
  bytes: z.array(z.object({ item: z.string(), ours: z.number(), theirs: z.number().optional() })),
  /** Rows a second with which the data was made. */
  speed: z.record(z.string(), z.number()),
})
export type Manifest = z.infer<typeof manifest>

const nameOf = (folder: string) => join(folder, 'data.json')

/** Undefined for a folder that has none. */
export function readManifest(folder: string): Manifest | undefined {
  const file = nameOf(folder)
  return existsSync(file) ? manifest.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

export function writeManifest(folder: string, content: Manifest): void {
  writeFileSync(nameOf(folder), `${JSON.stringify(content, null, 1)}\n`)
}
