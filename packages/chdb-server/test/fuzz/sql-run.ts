import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seeded } from '@burstlet/testkit/fuzz/random'
import { type CanonicalRow, canonicalQuery, canonicalSql } from '../../src/sql/canonical-query.ts'
import { vetQueryTree } from '../../src/sql/vet-query.ts'
import type { Targets } from '../hostile-statements.ts'
import { basic, oneValue, type RunningServer, startServer } from '../running-server.ts'
import { sqlTexts } from './sql-texts.ts'

export interface SqlProgress {
  texts: number
  /** Of the texts: those that the vetting let pass, and that then were answered; those that were answered without any vetting. */
  readonly vetted: { passed: number; answered: number }
  readonly unvetted: { answered: number }
  readonly faults: string[]
}

export interface SqlRunOptions {
  readonly seed: number
  readonly texts: number
  readonly untilMs?: number
  readonly onProgress?: (progress: SqlProgress) => void
}

/** In every place that nobody may look at. */
const secret = 'a-secret-that-nobody-may-see'
/** Texts between two looks at what must not change. */
const betweenLooks = 250

/**
 * Sends each text past either wall alone: the vetted ones as the writer, who may do anything; all of them, unvetted, as the guest.
 * Neither may read a secret (a file inside and one outside of the data folder, a table), write a file, change a table or a setting,
 * or end a statement that runs.
 */
export async function attackSql({ seed, texts, untilMs, onProgress }: SqlRunOptions): Promise<SqlProgress> {
  const running = await startServer({ guestTables: ['test.t'] })
  const progress: SqlProgress = { texts: 0, vetted: { passed: 0, answered: 0 }, unvetted: { answered: 0 }, faults: [] }
  try {
    const targets = await prepare(running)
    const canary = new Canary(running)
    await canary.start()
    const before = await state(running)
    for (const text of sqlTexts(seeded(seed), targets)) {
      if (progress.texts >= texts || Date.now() > (untilMs ?? Number.POSITIVE_INFINITY)) break
      progress.texts++
      await pastVetting(running, text, progress)
      await withoutVetting(running, text, progress)
      if (existsSync(targets.outputFile)) progress.faults.push(`wrote a file: ${JSON.stringify(text)}`)
      if (progress.texts % betweenLooks === 0) {
        if (!(await canary.sings()))
          progress.faults.push(`a statement was ended, not long before ${JSON.stringify(text)}`)
        const now = await state(running)
        if (now !== before) progress.faults.push(`${before} became ${now}, not long before ${JSON.stringify(text)}`)
        onProgress?.(progress)
      }
      if (progress.faults.length > 0) break
    }
    await canary.stop()
  } finally {
    await running.stop()
  }
  return progress
}

async function pastVetting(running: RunningServer, text: string, progress: SqlProgress): Promise<void> {
  let canonical: string
  try {
    const answer = await running.reader.query({ query: canonicalSql, query_params: { text }, format: 'JSONEachRow' })
    canonical = canonicalQuery((await answer.json<CanonicalRow>())[0]!)
    const tree = await oneValue(running.writer, `EXPLAIN AST ${canonical}`)
    vetQueryTree(tree, { database: 'test', hiddenTables: new Set(['hidden']) })
  } catch (error) {
    if (String(error).includes(secret)) progress.faults.push(`told a secret in a refusal: ${JSON.stringify(text)}`)
    return
  }
  progress.vetted.passed++
  const answer = await ask(running, running.server.writer, canonical)
  if (answer.ok) progress.vetted.answered++
  if (answer.body.includes(secret)) progress.faults.push(`vetted and told a secret: ${JSON.stringify(text)}`)
}

async function withoutVetting(running: RunningServer, text: string, progress: SqlProgress): Promise<void> {
  const answer = await ask(running, running.server.guest, text)
  if (answer.ok) progress.unvetted.answered++
  if (answer.body.includes(secret)) progress.faults.push(`told a secret to the guest: ${JSON.stringify(text)}`)
}

async function ask(running: RunningServer, user: { username: string; password: string }, query: string) {
  const settings = { database: 'test', default_format: 'JSONEachRow', max_execution_time: '2', max_result_rows: '1000' }
  const answer = await fetch(`${running.server.url}/?${new URLSearchParams(settings)}`, {
    method: 'POST',
    headers: { authorization: basic(user) },
    body: query,
  })
  return { ok: answer.ok, body: await answer.text() }
}

async function prepare(running: RunningServer): Promise<Targets> {
  const targets = {
    secretFile: join(running.folder, 'secret'),
    ownFile: join(running.folder, 'data', 'secret'),
    // Where the engine may write.
    outputFile: join(running.folder, 'data', 'output'),
  }
  await writeFile(targets.secretFile, secret)
  await writeFile(targets.ownFile, secret)
  for (const [table, s] of [
    ['t', 'seen'],
    ['hidden', secret],
  ] as const) {
    await running.writer.command({ query: `CREATE TABLE ${table} (n UInt64, s String) ENGINE = MergeTree ORDER BY n` })
    await running.writer.insert({ table, values: [{ n: 1, s }], format: 'JSONEachRow' })
  }
  return targets
}

async function state(running: RunningServer): Promise<string> {
  const asked = [
    'SELECT count(), any(s) FROM t',
    'SELECT count() FROM hidden',
    "SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database != 'system' ORDER BY name)",
    'SELECT groupArray((name, value)) FROM system.settings WHERE changed',
  ]
  return JSON.stringify(await Promise.all(asked.map((query) => oneValue(running.writer, query))))
}

/** A statement that runs until it is stopped. */
class Canary {
  readonly #running: RunningServer
  readonly #stopping = new AbortController()
  #song: Promise<unknown> = Promise.resolve()
  #ended = false

  constructor(running: RunningServer) {
    this.#running = running
  }

  async start(): Promise<void> {
    const query = 'SELECT sleepEachRow(1) FROM numbers(100000) SETTINGS max_block_size = 1 FORMAT Null'
    this.#song = fetch(`${this.#running.server.url}/`, {
      method: 'POST',
      headers: { authorization: basic(this.#running.server.writer) },
      body: query,
      signal: this.#stopping.signal,
    })
      .catch(() => {})
      .finally(() => {
        this.#ended = true
      })
    while ((await this.#count()) !== '1') await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async sings(): Promise<boolean> {
    return !this.#ended && (await this.#count()) === '1'
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#song
  }

  #count(): Promise<string> {
    const query =
      "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(1)%' AND query NOT LIKE '%processes%'"
    return oneValue(this.#running.writer, query)
  }
}
