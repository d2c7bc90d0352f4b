import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChdbServer } from '@burstlet/chdb-server/start'
import type { IngestResponse } from '@burstlet/contract/ingest'
import { startServer } from '@burstlet/testkit/server'
import { childrenOf, commandOf } from '../process-usage.ts'
import { askEngine } from './ask-engine.ts'
import type { StoringSubject, Subject } from './subject.ts'

/** Of the server that does not start its engine. */
export const database = 'burstlet'

/** The product, which also tells how it fares. */
export interface Burstlet extends Subject {
  readonly otlpGrpc: string
  /** Items accepted since its start, and bytes that wait for the engine. */
  ingestStatus(): Promise<{ accepted: number; spoolBytes: number }>
}

/** The product as `npm start` runs it: server and embedded engine, on an empty folder. */
export async function startBurstlet(): Promise<Burstlet> {
  const server = await startServer({ environment: { MONITORING_INSERT_INTERVAL_MS: '1000' } })
  const engine = childrenOf(server.pid).find((pid) => commandOf(pid).includes('chdb-server'))
  if (engine === undefined) throw new Error('the server has no engine')
  return {
    otlpHttp: server.otlpHttp,
    otlpGrpc: server.otlpGrpc,
    processes: { server: server.pid, engine },
    stored: () => server.settled(),
    async ingestStatus() {
      const { totals, spool } = await server.get<IngestResponse>('/ingest')
      return { accepted: totals.reduce((sum, { accepted }) => sum + accepted, 0), spoolBytes: spool.bytes }
    },
    async stop() {
      await server.stop()
    },
  }
}

/** The same server before an engine that is not its own, so that it can be asked what it stores. */
export async function startBurstletBeforeEngine(): Promise<StoringSubject> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'burstlet-bench-'))
  const engine = await startChdbServer({ dataDirectory })
  const url = new URL(engine.url)
  url.username = engine.writer.username
  url.password = engine.writer.password
  url.pathname = database
  await askEngine(engine, `CREATE DATABASE ${database}`)
  const server = await startServer({
    environment: { MONITORING_CLICKHOUSE_URL: url.href, MONITORING_INSERT_INTERVAL_MS: '1000' },
  })
  return {
    otlpHttp: server.otlpHttp,
    processes: { server: server.pid, engine: engine.pid },
    stored: () => server.settled(),
    ask: (sql) => askEngine(engine, sql),
    async stop() {
      await server.stop()
      await engine.stop()
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}
