import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from './generation.ts'
import { refusedFolder } from './layout.ts'

const identity = z.object({
  /** Leads every deduplication token, so that two spools that fill one ClickHouse never share one. */
  id: z.uuid(),
  /** Sixteen bytes in hex that body keys are made with. */
  bodyKey: z.string().length(32),
})
export type SpoolIdentity = z.infer<typeof identity>

/** Makes the spool's folder when it is missing, and what is made once. @throws when it cannot be written to */
export function openSpoolFolder(root: string): SpoolIdentity {
  mkdirSync(join(root, refusedFolder), { recursive: true, mode: 0o700 })
  const path = join(root, 'spool.json')
  if (!existsSync(path)) {
    const made: SpoolIdentity = { id: randomUUID(), bodyKey: randomBytes(16).toString('hex') }
    writeFileSync(`${path}.new`, JSON.stringify(made), { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
    syncFolder(root)
  }
  return identity.parse(JSON.parse(readFileSync(path, 'utf8')))
}
