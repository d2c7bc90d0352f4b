// The load generator, a process of its own: makes the bodies, says so, waits for a line, sends, and prints the result.
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { logRequests } from '../payloads/logs.ts'
import { pointRequests } from '../payloads/points.ts'
import { spanRequests } from '../payloads/spans.ts'
import { send } from './send.ts'

const { address, signal, items, requests, connections, gzip } = z
  .object({
    address: z.string(),
    signal: z.enum(['traces', 'logs', 'metrics']),
    items: z.number(),
    requests: z.number(),
    connections: z.number(),
    gzip: z.boolean(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''))

const pool = { traces: spanRequests, logs: logRequests, metrics: pointRequests }[signal](items)
const bodies = Array.from({ length: requests }, () => (gzip ? gzipSync(pool.next(), { level: 6 }) : pool.next()))
process.stdout.write('ready\n')
await once(process.stdin, 'data')
const result = await send({ address, signal, connections, gzip, bodies })
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exit()
