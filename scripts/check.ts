// Formatting, lint, import rules and types of every package: `npm run check`.
import { run } from './run-step.ts'
import { checkTypes } from './types.ts'

await run('Lint and format', 'biome', ['check', '--error-on-warnings', '.'])
// Enough for the cores that are.
const wrong = await checkTypes({ atOnce: 2 })
if (wrong.length > 0) process.exit(1)
