// `npm run bench -- steady`: spans for minutes, at a rate or as fast as they are taken, and what becomes of memory and spool.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { prepareLoad } from './load/start.ts'
import { usageOf } from './process-usage.ts'
import { startBurstlet } from './subjects/burstlet.ts'

const sampleMs = 10_000

/** Prints a line every ten seconds and the latencies at the end. */
export async function steady(args: string[]): Promise<void> {
  const { minutes, rate, items, connections } = z
    .object({
      minutes: z.coerce.number().positive(),
      rate: z.coerce.number().positive().optional(),
      items: z.coerce.number().int().positive(),
      connections: z.coerce.number().int().positive(),
    })
    .parse(
      parseArgs({
        args,
        options: {
          minutes: { type: 'string', default: '5' },
          rate: { type: 'string' },
          items: { type: 'string', default: '512' },
          connections: { type: 'string', default: '8' },
        },
      }).values,
    )
  const subject = await startBurstlet()
  try {
    const load = await prepareLoad({
      address: subject.otlpHttp,
      signal: 'traces',
      items,
      connections,
      gzip: false,
      seconds: minutes * 60,
      ...(rate !== undefined && { rate: rate / items }),
    })
    const cpuBefore = cpuOf(subject.processes)
    const done = load.run()
    const rows: Record<string, string | number>[] = []
    const running = { is: true }
    void done.finally(() => {
      running.is = false
    })
    for (let seconds = 0, before = 0; running.is; ) {
      await Promise.race([sleep(sampleMs), done])
      seconds += sampleMs / 1000
      const { accepted, spoolBytes } = await subject.ingestStatus()
      const row = {
        'after s': seconds,
        'spans/s': Math.round((accepted - before) / (sampleMs / 1000)),
        'spool MB': Math.round(spoolBytes / 1e6),
        ...Object.fromEntries(
          Object.entries(subject.processes).map(([name, pid]) => [
            `${name} MB`,
            Math.round(usageOf(pid).residentBytes / 1e6),
          ]),
        ),
      }
      before = accepted
      process.stderr.write(`▸ ${JSON.stringify(row)}\n`)
      rows.push(row)
    }
    const result = await done
    console.table(rows)
    const spans = result.requests * items
    const cpu = { ...cpuOf(subject.processes), 'load generator': result.cpuSeconds }
    const shares = Object.entries(cpu).map(
      ([name, seconds]) => `${name} ${(((seconds - (cpuBefore[name] ?? 0)) / spans) * 1e6).toFixed(1)}`,
    )
    process.stdout.write(
      `${Math.round(spans / result.seconds)} spans/s for ${Math.round(result.seconds)} s; ack p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms; ${result.refused} requests refused; CPU seconds a million spans: ${shares.join(', ')}\n`,
    )
  } finally {
    await subject.stop()
  }
}

/** CPU seconds of each process since it started. */
function cpuOf(processes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, usageOf(pid).cpuSeconds]))
}
