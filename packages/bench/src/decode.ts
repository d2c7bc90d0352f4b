// `npm run bench -- decode`: what decoding alone costs, on one thread.
import { parseArgs } from 'node:util'
import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { addRequest, beginBatch, encodeBatch } from '@burstlet/otlp/decode'
import { z } from 'zod'
import { logRequests } from './payloads/logs.ts'
import { pointRequests } from './payloads/points.ts'
import { spanRequests } from './payloads/spans.ts'

const pools = { traces: spanRequests, logs: logRequests, metrics: pointRequests }
const bodyCount = 256
const warmUpRequests = 600
const requests = 1000

/** Prints a line for each round. */
export async function decode(args: string[]): Promise<void> {
  const options = z
    .object({
      signal: z.enum(['traces', 'logs', 'metrics']),
      items: z.coerce.number().int().positive(),
      batch: z.coerce.number().int().positive(),
      rounds: z.coerce.number().int().positive(),
    })
    .parse(
      parseArgs({
        args,
        options: {
          signal: { type: 'string', default: 'traces' },
          items: { type: 'string', default: '512' },
          batch: { type: 'string', default: '8' },
          rounds: { type: 'string', default: '3' },
        },
      }).values,
    )
  const pool = pools[options.signal](options.items)
  // In shared memory, as the server has them.
  const bodies = Array.from({ length: bodyCount }, () => {
    const body = pool.next()
    const shared = new Uint8Array(new SharedArrayBuffer(body.length))
    shared.set(body)
    return shared
  })
  const context = { announced: new AnnouncedRows() }

  run(warmUpRequests)
  for (let round = 0; round < options.rounds; round++) {
    const before = process.cpuUsage()
    const items = run(requests)
    const { user, system } = process.cpuUsage(before)
    const each = (microseconds: number) => (microseconds / items).toFixed(3)
    process.stdout.write(`${options.signal}: ${each(user)} µs user, ${each(system)} µs system an item\n`)
  }

  /** Decodes so many requests; answers how many items were in them. */
  function run(requests: number): number {
    let next = 0
    let items = 0
    while (next < requests) {
      beginBatch(context)
      for (let i = 0; i < options.batch; i++) {
        const body = bodies[next++ % bodyCount]!
        items += addRequest('default', pool.signal, 'protobuf', body, BigInt(Date.now()) * 1_000_000n).accepted
      }
      context.announced.confirm(encodeBatch().announces)
    }
    return items
  }
}
