// The long form of the fuzz tests: `npm run test:fuzz -- --minutes 10 --seed 1`. A third of the time random requests go through
// decoder and engine and are compared with what was sent; a third broken ones go to a running server; a third texts that may or may
// not be SQL go past either wall before the engine. `--only round-trips`, `requests` or `sql` gives one of them all of it.
import { parseArgs } from 'node:util'
import { attackSql } from '../packages/chdb-server/test/fuzz/sql-run.ts'
import { Engine } from '../packages/otlp/test/engine/engine.ts'
import { roundTrip } from '../packages/otlp/test/fuzz/round-trip.ts'
import { type HostileProgress, sendHostile } from '../packages/server/test/fuzz/hostile-run.ts'
import { startServer } from '../packages/testkit/src/server.ts'

const allParts = ['round-trips', 'requests', 'sql']
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const minutes = Number(values.minutes)
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
if (!(minutes > 0) || !Number.isInteger(seed)) throw new Error('--minutes is a number above 0, --seed a whole one')
if (values.only !== undefined && !allParts.includes(values.only))
  throw new Error(`--only is one of ${allParts.join(', ')}`)
const parts = values.only === undefined ? allParts : [values.only]
const partMs = (minutes * 60_000) / parts.length
/**
 * By then each thread has had bodies of the largest size in every compression, more than once, and its heap the size that it is
 * collected at: the main thread's holds 35 MB after a collection, with 8,000 requests as with 40,000.
 */
const warmRequests = 20_000
const maxGrowthBytes = 100_000_000
let saidAt = 0
const megabytes = (bytes: number) => Math.round(bytes / 1_000_000)

say(`seed ${seed}, ${minutes} minutes`)
for (const part of parts) {
  if (part === 'round-trips') console.table(await compareRoundTrips(Date.now() + partMs))
  else if (part === 'requests') await sendBroken()
  else await sendSql()
}

async function sendBroken(): Promise<void> {
  const { outcomes, memory } = await attack(Date.now() + partMs)
  console.table(outcomes)
  const { warm, most, now } = memory
  console.table({ 'resident MB': { warm: megabytes(warm), most: megabytes(most), 'at the end': megabytes(now) } })
}

async function sendSql(): Promise<void> {
  const { faults, texts, vetted, unvetted } = await attackSql({
    seed,
    texts: Number.POSITIVE_INFINITY,
    untilMs: Date.now() + partMs,
    onProgress: ({ texts }) => status(`SQL: ${texts} texts`),
  })
  for (const fault of faults) complain(fault)
  console.table({
    SQL: {
      texts,
      'vetted passed': vetted.passed,
      'vetted answered': vetted.answered,
      'unvetted answered': unvetted.answered,
    },
  })
}

async function compareRoundTrips(untilMs: number) {
  const table: Record<string, { requests: number; items: number; rejected: number; differences: number }> = {}
  const engine = await Engine.start()
  try {
    for (let round = 0; Date.now() < untilMs; round++) {
      for (const signal of ['traces', 'logs', 'metrics'] as const) {
        table[signal] ??= { requests: 0, items: 0, rejected: 0, differences: 0 }
        const row = table[signal]
        try {
          const counts = await roundTrip(engine, signal, { seed: seed + round, batches: 10, requests: 40 })
          for (const name of ['requests', 'items', 'rejected'] as const) row[name] += counts[name]
        } catch (error) {
          row.differences++
          complain(`${signal}, seed ${seed + round}: ${error instanceof Error ? error.message : error}`)
          complain(error instanceof Error && error.cause instanceof Error ? error.cause.message : '')
        }
      }
      status(
        `round trips: ${Object.entries(table)
          .map(([signal, { items }]) => `${items} ${signal}`)
          .join(', ')}`,
      )
    }
  } finally {
    await engine.stop()
  }
  return table
}

async function attack(untilMs: number): Promise<HostileProgress> {
  const server = await startServer({ environment: { MONITORING_INSERT_INTERVAL_MS: '1000' } })
  try {
    const result = await sendHostile(server, {
      seed,
      requests: Number.POSITIVE_INFINITY,
      untilMs,
      warmRequests,
      onProgress: ({ sent, memory }) => status(`broken requests: ${sent} sent, ${megabytes(memory.now)} MB resident`),
    })
    for (const fault of result.faults) complain(fault)
    const growth = result.memory.now - result.memory.warm
    if (result.sent <= 2 * warmRequests)
      say(`memory is not judged: ${result.sent} requests, ${2 * warmRequests} are needed`)
    else if (growth > maxGrowthBytes) complain(`memory grew by ${megabytes(growth)} MB`)
    return result
  } finally {
    await server.stop()
  }
}

function complain(text: string): void {
  process.exitCode = 1
  say(`✗ ${text}`)
}

function say(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`)
}

/** One line that is written over on a terminal; elsewhere one every ten seconds. */
function status(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K▸ ${text}`)
  else if (Date.now() - saidAt > 10_000) {
    saidAt = Date.now()
    process.stderr.write(`▸ ${text}\n`)
  }
}
