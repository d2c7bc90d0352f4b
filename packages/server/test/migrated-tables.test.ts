import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

test('the tables that tests copy are those of a migration from nothing, and nobody else has them', async () => {
  const fromNothing = await tablesOf({ dataDirectory: newFolder() })
  expect(fromNothing.tables.length).toBeGreaterThan(20)
  expect(await tablesOf({})).toEqual(fromNothing)
  // The first copy was written to.
  expect(await tablesOf({})).toEqual(fromNothing)
})

/** What an engine that was just started has; it is stopped with rows in it. */
async function tablesOf(options: { readonly dataDirectory?: string }) {
  const engine = await startTestEngine(options)
  try {
    const before = {
      tables: await rowsOf(
        engine,
        `SELECT name, create_table_query, total_rows FROM system.tables
         WHERE database = 'burstlet' AND name NOT LIKE '.inner%' ORDER BY name`,
      ),
      migrations: await rowsOf(engine, 'SELECT name, checksum FROM migrations ORDER BY name'),
      countedSince: await rowsOf(engine, 'SELECT * FROM counted_since'),
    }
    await engine.insert('logs', [{ space: 'default', body: 'written', service: 'one' }])
    return before
  } finally {
    await engine.stop()
  }
}

async function rowsOf(engine: TestEngine, query: string): Promise<unknown[]> {
  const result = await engine.writer.query({ query, format: 'JSONEachRow' })
  return await result.json()
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
