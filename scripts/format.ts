// Formats everything and applies the linter's safe fixes: `npm run format`.
import { run } from './run-step.ts'

await run('Format', 'biome', ['check', '--write', '.'])
