// Writes the newest empty tables into a folder, as a server keeps them in its `clickhouse`: what `@burstlet/testkit` copies
// for each engine of a test. `node packages/server/scripts/migrate-folder.ts FOLDER`
import { startChdbServer } from '@burstlet/chdb-server/start'
import { createClient } from '@clickhouse/client'
import { migrate } from '../src/storage/clickhouse/migrate.ts'

const [dataDirectory] = process.argv.slice(2)
if (dataDirectory === undefined) throw new Error('usage: migrate-folder.ts FOLDER')
const engine = await startChdbServer({ dataDirectory })
try {
  const admin = createClient({ url: engine.url, ...engine.writer })
  await admin.command({ query: 'CREATE DATABASE IF NOT EXISTS burstlet ENGINE = Atomic' })
  await admin.close()
  const client = createClient({ url: engine.url, ...engine.writer, database: 'burstlet' })
  await migrate(client)
  await client.close()
} finally {
  await engine.stop()
}
