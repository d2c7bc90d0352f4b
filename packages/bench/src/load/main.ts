// The load generator, a process of its own: makes ready, says so, waits for a line, sends, and prints the result.
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { logRequests } from '../payloads/logs.ts'
import { pointKinds, pointRequests } from '../payloads/points.ts'
import type { RequestPool } from '../payloads/request-pool.ts'
import { spanRequests } from '../payloads/spans.ts'
import { send } from './send.ts'

const options = z
  .object({
    address: z.string(),
    signal: z.enum(['traces', 'logs', 'metrics']),
    items: z.number(),
    requests: z.number().default(Number.POSITIVE_INFINITY),
    seconds: z.number().default(Number.POSITIVE_INFINITY),
    rate: z.number().optional(),
    connections: z.number(),
    gzip: z.boolean(),
    distinct: z.number().optional(),
    kinds: z.array(z.enum(pointKinds)).optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''))

const { signal, items, distinct, kinds } = options
const pool = { traces: spanRequests, logs: logRequests, metrics: pointRequests }[signal](items, distinct, kinds)
const ready = options.gzip ? compressed(pool, options.requests) : undefined
process.stdout.write('ready\n')
await once(process.stdin, 'data')
let isStopped = false
process.stdin.once('data', () => {
  isStopped = true
})
const bodies = ready ? ready.values() : plain(pool, options)
process.stdout.write(`${JSON.stringify(await send({ ...options, bodies }))}\n`)
process.stdin.destroy()

/** Each is a copy with a few bytes changed, made when it is sent: that is cheap, and long runs need no memory. */
function* plain(from: RequestPool, limits: { requests: number; seconds: number }): Generator<Uint8Array> {
  const end = performance.now() + limits.seconds * 1000
  for (let count = 0; count < limits.requests && performance.now() < end && !isStopped; count++) yield from.next()
}

/** Compressing is dear, so it is done before the clock starts. */
function compressed(from: RequestPool, requests: number): Uint8Array[] {
  return Array.from({ length: requests }, () => gzipSync(from.next(), { level: 6 }))
}
