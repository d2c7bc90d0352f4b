// The long form: every fault, many rounds, and a table. `npm run test:faults -- --rounds 5 --only kill`
import { parseArgs } from 'node:util'
import { mayMount } from './disk.ts'
import { play, scenarios } from './scenarios.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string' }, only: { type: 'string', default: '' } } })
const table: Record<string, unknown>[] = []

for (const scenario of scenarios.filter(({ name }) => name.includes(values.only))) {
  if (scenario.disk && !mayMount(scenario.disk.type)) {
    process.stderr.write(`- ${scenario.name}: left out, this user may not mount a file system\n`)
    continue
  }
  process.stderr.write(`▸ ${scenario.name} ...\n`)
  const started = Date.now()
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
  const { wrong, ...result } = await play(scenario, 'long', rounds)
  table.push({
    fault: scenario.name,
    ...result,
    wrong: wrong.length,
    seconds: Math.round((Date.now() - started) / 1000),
  })
  if (result.lost > 0 || result.doubled > 0 || wrong.length > 0) {
    process.exitCode = 1
    process.stderr.write(
      `✗ ${scenario.name}: ${result.lost} lost, ${result.doubled} doubled; ${wrong.slice(0, 5).join('; ')}\n`,
    )
  }
}
console.table(table)
