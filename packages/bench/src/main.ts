// `npm run bench`: what receiving costs, per signal. Starts a server with the embedded engine on an empty folder.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from '@burstlet/testkit/server'
import { logRequests } from './payloads/logs.ts'
import { pointRequests } from './payloads/points.ts'
import type { RequestPool } from './payloads/request-pool.ts'
import { spanRequests } from './payloads/spans.ts'
import { childrenOf, usageOf } from './process-usage.ts'
import { send } from './send.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '8' },
    items: { type: 'string', default: '512' },
  },
})
const seconds = Number(values.seconds)
const connections = Number(values.connections)
const items = Number(values.items)

process.stdout.write(
  `Ingest over OTLP/HTTP, protobuf, plain: ${items} items a request, ${connections} connections, ${seconds} s each\n\n`,
)
const rows: Record<string, string | number>[] = []
for (const pool of [spanRequests(items), logRequests(items), pointRequests(items)]) {
  process.stderr.write(`▸ ${pool.signal} ...\n`)
  rows.push(await measure(pool))
}
console.table(rows)
process.stdout.write(
  `CPU is user and system time per million acknowledged items; merges of the 3 s after the last request are in it.\n`,
)

async function measure(pool: RequestPool): Promise<Record<string, string | number>> {
  const server = await startServer()
  const engine = childrenOf(server.pid)[0] ?? 0
  await send(server.otlpHttp, pool, { seconds: 2, connections })
  const before = { server: usageOf(server.pid), engine: usageOf(engine) }
  const result = await send(server.otlpHttp, pool, { seconds, connections })
  await sleep(3000)
  const after = { server: usageOf(server.pid), engine: usageOf(engine) }
  await server.stop()
  const perMillion = (part: 'server' | 'engine') =>
    (((after[part].cpuSeconds - before[part].cpuSeconds) / result.acknowledgedItems) * 1e6).toFixed(2)
  const percentile = (share: number) => (result.latencies[Math.floor(result.latencies.length * share)] ?? 0).toFixed(1)
  return {
    signal: pool.signal,
    'items/s': Math.round(result.acknowledgedItems / result.seconds),
    refused: result.refusedRequests,
    'ack p50 ms': percentile(0.5),
    'ack p99 ms': percentile(0.99),
    'server CPU-s/M': perMillion('server'),
    'engine CPU-s/M': perMillion('engine'),
    'server MB': Math.round(after.server.residentBytes / 1e6),
    'engine MB': Math.round(after.engine.residentBytes / 1e6),
  }
}
