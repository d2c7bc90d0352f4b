// `npm run bench -- COMMAND OPTIONS`: measures the product; each command prints a table.
import { atRest } from './at-rest.ts'
import { attacksBench } from './attacks/run.ts'
import { decode } from './decode.ts'
import { endings } from './endings/endings.ts'
import { ingest } from './ingest.ts'
import { queries } from './queries/queries.ts'
import { steady } from './steady.ts'
import { storage } from './storage.ts'

const commands: Record<string, (args: string[]) => Promise<void>> = {
  ingest,
  storage,
  steady,
  queries,
  decode,
  'at-rest': atRest,
  endings,
  attacks: attacksBench,
}
const given = process.argv.slice(2)
const [name = 'ingest', ...rest] = given[0]?.startsWith('-') ? ['ingest', ...given] : given
const command = commands[name]
if (command) await command(rest)
else {
  process.stderr.write(`There is no "${name}"; there are ${Object.keys(commands).join(', ')}.\n`)
  process.exitCode = 2
}
