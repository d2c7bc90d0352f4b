// Every suite with the clock ahead of the machine's, one run after another: `npm run test:clock`. What follows `--` goes
// to vitest, except for `--only`: names of the shifts below, or any number of days, with commas between them.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { shiftedClock } from './clock/library.ts'
import { days, type Shift, shifts } from './clock/shifts.ts'
import { attempt, root } from './run-step.ts'

interface Clocks {
  readonly node: number
  readonly child: number
  readonly now: number
  readonly precise: number
  readonly midnight: number
}

const { wanted, rest } = readArguments(process.argv.slice(2))
const library = prepare()
const failed: string[] = []
for (const shift of wanted) {
  const seconds = shift.seconds(Date.now())
  // Inherited by whatever the suites start: engines, PostgreSQL, browsers, services under the SDK.
  const environment = {
    LD_PRELOAD: [library, process.env['LD_PRELOAD']].filter(Boolean).join(' '),
    CLOCK_SHIFT: String(seconds),
    ...(shift.timeZone === undefined ? {} : { TZ: shift.timeZone }),
  }
  prove(environment, seconds)
  const args = ['run', '--config', 'vitest.workspace.ts', ...rest]
  if (!(await attempt(`Tests, ${shift.title}`, 'vitest', args, { environment }))) failed.push(shift.title)
}
if (failed.length > 0) {
  process.stderr.write(`✗ Failed: ${failed.join('; ')}\n`)
  process.exit(1)
}

function readArguments(args: string[]): { wanted: readonly Shift[]; rest: string[] } {
  const at = args.indexOf('--only')
  if (at === -1) return { wanted: shifts, rest: args }
  const names = (args[at + 1] ?? '').split(',')
  const chosen = names.map(
    (name) => shifts.find((shift) => shift.name === name) ?? (/^\d+$/.test(name) ? days(Number(name)) : fail(usage())),
  )
  return { wanted: chosen, rest: args.toSpliced(at, 2) }
}

function usage(): string {
  return `--only takes ${shifts.map(({ name }) => name).join(', ')}, or a number of days`
}

function prepare(): string {
  try {
    return shiftedClock()
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Ends the process unless Node, a child of it and the embedded engine all have the shifted clock. */
function prove(environment: Record<string, string>, seconds: number): void {
  const program = join(root, 'scripts/clock/proof.ts')
  const text = execFileSync(process.execPath, [program], { env: { ...process.env, ...environment }, encoding: 'utf8' })
  const { midnight, ...clocks } = JSON.parse(text) as Clocks
  const expected = Date.now() / 1000 + seconds
  const right = Object.values(clocks).every((clock) => Math.abs(clock - expected) < 60)
  // The longest day has 25 hours.
  if (!right || expected < midnight || expected - midnight > 25 * 3600 + 60) {
    fail(`The clock did not move everywhere to ${new Date(expected * 1000).toISOString()}: ${text}`)
  }
  process.stderr.write(`✓ Node, a child of it and the engine have ${new Date(clocks.node * 1000).toISOString()}\n`)
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
