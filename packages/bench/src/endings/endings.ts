// `npm run bench -- endings`: how long a service takes to end, without the SDK and with it, before backends of all kinds.
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { median } from '../report.ts'
import { slowMs, startBackends } from './backends.ts'
import { endingNames, measureEnding } from './measure-ending.ts'

/** Prints medians in milliseconds, of `--rounds 5` in which all take turns. */
export async function endings(args: string[]): Promise<void> {
  const { rounds } = z
    .object({ rounds: z.coerce.number().int().positive() })
    .parse(parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } }).values)
  const backends = await startBackends()
  const columns: [string, string | undefined][] = [
    ['without the SDK', undefined],
    ['backend answers', backends.endpoints.answers],
    [`after ${slowMs} ms`, backends.endpoints.slow],
    ['never', backends.endpoints.silent],
    ['is away', backends.endpoints.away],
  ]
  const measured = new Map<string, number[]>()
  const placeOf = (ending: string, column: string) => `${ending}, ${column}`
  try {
    for (let round = 1; round <= rounds; round++) {
      process.stderr.write(`▸ round ${round} of ${rounds}\n`)
      for (const ending of endingNames) {
        for (const [column, endpoint] of columns) {
          const { ms } = await measureEnding(ending, endpoint)
          const place = placeOf(ending, column)
          measured.set(place, [...(measured.get(place) ?? []), ms])
        }
      }
    }
  } finally {
    await backends.stop()
  }
  const rows = endingNames.map((ending) => [
    ending,
    Object.fromEntries(columns.map(([name]) => [name, Math.round(median(measured.get(placeOf(ending, name)) ?? []))])),
  ])
  console.table(Object.fromEntries(rows))
}
