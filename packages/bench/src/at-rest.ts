// `npm run bench -- at-rest`: what server, engine and page take when nothing comes in and nobody looks.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { residentTogether, usageOf } from './process-usage.ts'
import { startBurstlet } from './subjects/burstlet.ts'

/** Seconds until what a start leaves behind is done. */
const settleSeconds = 30

/** Prints memory and CPU of each process over a minute (`--seconds`). */
export async function atRest(args: string[]): Promise<void> {
  const { seconds } = z
    .object({ seconds: z.coerce.number().positive() })
    .parse(parseArgs({ args, options: { seconds: { type: 'string', default: '60' } } }).values)
  const subject = await startBurstlet()
  try {
    process.stderr.write(`▸ waiting ${settleSeconds} s, then measuring ${seconds} s\n`)
    await sleep(settleSeconds * 1000)
    const names = Object.entries(subject.processes)
    const before = names.map(([, pid]) => usageOf(pid).cpuSeconds)
    await sleep(seconds * 1000)
    const rows = names.map(([process, pid], i) => {
      const { cpuSeconds, residentBytes } = usageOf(pid)
      return { process, megabytes: residentBytes / 1e6, core: (cpuSeconds - (before[i] ?? 0)) / seconds }
    })
    const total = {
      process: 'all (shared pages once)',
      megabytes: residentTogether(Object.values(subject.processes)) / 1e6,
      core: sum(rows.map((row) => row.core)),
    }
    console.table(
      [...rows, total].map(({ process, megabytes, core }) => ({
        process,
        'resident MB': Math.round(megabytes),
        'of a core': `${(core * 100).toFixed(2)} %`,
      })),
    )
  } finally {
    await subject.stop()
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
