// `npm run pack:sdk`: builds the SDK and writes its tarball to dist/, ready for `npm install FILE` in another project.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'dist')
const isTarball = (name: string) => /^burstlet-monitoring-.*\.tgz$/.test(name)

mkdirSync(target, { recursive: true })
for (const old of readdirSync(target).filter(isTarball)) rmSync(join(target, old))
const { status } = spawnSync('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', target], {
  cwd: join(root, 'packages/sdk'),
  stdio: ['ignore', 2, 2],
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)
for (const name of readdirSync(target).filter(isTarball)) console.log(relative(process.cwd(), join(target, name)))
