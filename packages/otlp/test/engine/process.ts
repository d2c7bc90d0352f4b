import { readdirSync, readFileSync } from 'node:fs'
import { Session } from 'chdb'

/** The real engine, in a process of its own: it is a native library that must not share one with the test runner. */

export interface EngineRequest {
  readonly id: number
  readonly sql: string
  readonly format: string
}

export interface EngineReply {
  readonly id: number
  readonly text?: string
  readonly error?: string
}

const migrations = new URL('../../../server/src/storage/clickhouse/migrations/', import.meta.url)
const session = new Session()

session.query('CREATE DATABASE telemetry ENGINE = Atomic')
session.query('USE telemetry')
session.query('SET output_format_json_quote_64bit_integers = 1, output_format_json_quote_denormals = 1')
for (const file of readdirSync(migrations).sort()) {
  if (!file.endsWith('.sql')) continue
  const statements = readFileSync(new URL(file, migrations), 'utf8').replace(/--.*$/gm, '').split(/;\s*$/m)
  for (const statement of statements) if (statement.trim() !== '') session.query(statement)
}

process.on('message', ({ id, sql, format }: EngineRequest) => {
  const reply: EngineReply = { id, ...answer(sql, format) }
  process.send?.(reply)
})
process.on('disconnect', () => session.cleanup())
process.send?.({ id: 0, text: 'ready' } satisfies EngineReply)

function answer(sql: string, format: string): { text: string } | { error: string } {
  try {
    return { text: session.query(sql, format) }
  } catch (error) {
    return { error: String(error) }
  }
}
