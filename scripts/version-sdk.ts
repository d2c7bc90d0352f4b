// `npm run version:sdk`: makes a version of the SDK out of the files in .changeset, and writes it wherever it is named.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], {
  cwd: root,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)
const { version } = JSON.parse(readFileSync(join(root, 'packages/sdk/package.json'), 'utf8')) as { version: string }
const file = join(root, 'packages/sdk/src/runtime/version.ts')
writeFileSync(file, readFileSync(file, 'utf8').replace(/(sdkVersion = )'[^']*'/, `$1'${version}'`))
