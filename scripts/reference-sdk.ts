// `npm run reference:sdk`: writes the SDK's API reference, made of its docstrings, to dist/sdk-reference.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../packages/sdk')
const typedoc = join(folder, 'node_modules/typedoc/bin/typedoc')
const { status } = spawnSync(process.execPath, [typedoc, ...process.argv.slice(2)], { cwd: folder, stdio: 'inherit' })
process.exit(status ?? 1)
