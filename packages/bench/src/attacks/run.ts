// `npm run bench -- attacks`: how well-behaved clients fare beside those that are not.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { usageOf } from '../process-usage.ts'
import { startBurstlet } from '../subjects/burstlet.ts'
import { attacks } from './attacks.ts'
import { sendOverGrpc, sendOverHttp } from './well-behaved.ts'

const optionsSchema = z.object({
  seconds: z.coerce.number().positive().max(120),
  only: z.string().optional(),
})

/** Prints a row for each attack, each on a server of its own. */
export async function attacksBench(args: string[]): Promise<void> {
  const options = optionsSchema.parse(
    parseArgs({ args, options: { seconds: { type: 'string', default: '10' }, only: { type: 'string' } } }).values,
  )
  process.stdout.write('| attack | HTTP p50 ms | p99 | failed | gRPC p50 ms | p99 | failed | peak MB | after MB |\n')
  process.stdout.write('| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n')
  for (const attack of attacks) {
    if (options.only !== undefined && !attack.name.includes(options.only)) continue
    attack.prepare?.()
    const subject = await startBurstlet()
    try {
      const end = AbortSignal.timeout(options.seconds * 1000)
      const [http, grpc] = await Promise.all([
        sendOverHttp(subject.otlpHttp, end),
        sendOverGrpc(subject.otlpGrpc, end),
        attack.run(subject, end),
      ])
      const peak = usageOf(subject.processes['server']!).peakBytes
      await sleep(3000)
      const after = usageOf(subject.processes['server']!).residentBytes
      const cells = [http, grpc].flatMap(({ milliseconds, failed }) => {
        const sorted = milliseconds.toSorted((a, b) => a - b)
        const quantile = (share: number) => sorted[Math.ceil(share * (sorted.length - 1))]?.toFixed(0) ?? '—'
        return [quantile(0.5), quantile(0.99), `${failed} of ${milliseconds.length + failed}`]
      })
      const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
      process.stdout.write(`| ${[attack.name, ...cells, megabytes(peak), megabytes(after)].join(' | ')} |\n`)
    } finally {
      await subject.stop()
    }
  }
}
