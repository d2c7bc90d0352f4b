import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startChdbServer } from '@burstlet/chdb-server/start'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { z } from 'zod'
import { askEngine } from '../subjects/ask-engine.ts'
import { database } from '../subjects/burstlet.ts'

/** One engine with the tables of both, on a folder that outlives it, and the product's server before it. */
export interface Store {
  readonly folder: string
  /** Of the engine; the front stands before it. */
  readonly engine: { readonly url: string; readonly pid: number; readonly writer: Login; readonly reader: Login }
  /** The product's. @throws when it is stopped */
  readonly server: TestServer
  startServer(): Promise<void>
  stopServer(): Promise<void>
  /** As the writer; tab-separated. */
  ask(sql: string): Promise<string>
  /** The rows of a statement that ends with FORMAT JSONEachRow. @param url of what stands before the engine */
  rows(sql: string, url?: string): Promise<Record<string, unknown>[]>
  stop(): Promise<void>
}

const row = z.record(z.string(), z.unknown())

interface Login {
  readonly username: string
  readonly password: string
}

/** Data stays while it is measured again on later days. */
const retention = Object.fromEntries(
  ['TRACES', 'LOGS', 'METRICS'].map((kind) => [`MONITORING_RETENTION_${kind}_DAYS`, '30']),
)

/** @param folder made when missing @param maxMemory of the engine, bytes */
export async function openStore(folder: string, maxMemory = 2_000_000_000): Promise<Store> {
  const [engineFolder, serverFolder] = [join(folder, 'engine'), join(folder, 'server')]
  for (const each of [engineFolder, serverFolder]) await mkdir(each, { recursive: true })
  const engine = await startChdbServer({ dataDirectory: engineFolder, maxMemory })
  try {
    for (const name of [database, 'otel', 'bench']) {
      await askEngine(engine, `CREATE DATABASE IF NOT EXISTS ${name} ENGINE = Atomic`)
    }
    const start = () => startServerBefore(engine.url, engine, serverFolder)
    let server: TestServer | undefined = await start()
    const stopServer = async () => {
      await server?.stop()
      server = undefined
    }
    return {
      folder,
      engine,
      get server() {
        if (!server) throw new Error('the server is stopped')
        return server
      },
      async startServer() {
        server = await start()
      },
      stopServer,
      ask: (sql) => askEngine(engine, sql),
      async rows(sql, url = engine.url) {
        const text = await askEngine({ url, writer: engine.writer }, sql)
        return text
          .split('\n')
          .filter(Boolean)
          .map((line) => row.parse(JSON.parse(line)))
      },
      async stop() {
        await stopServer()
        await engine.stop()
      },
    }
  } catch (error) {
    await engine.stop()
    throw error
  }
}

/** @param url of the engine, or of what stands before it */
export function startServerBefore(
  url: string,
  { writer, reader }: { readonly writer: Login; readonly reader: Login },
  dataDir: string,
): Promise<TestServer> {
  const address = ({ username, password }: Login) => {
    const full = new URL(database, url)
    full.username = username
    full.password = password
    return full.href
  }
  return startServer({
    dataDir,
    environment: {
      MONITORING_CLICKHOUSE_URL: address(writer),
      MONITORING_CLICKHOUSE_READER_URL: address(reader),
      MONITORING_INSERT_INTERVAL_MS: '1000',
      ...retention,
    },
  })
}
