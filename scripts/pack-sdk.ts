// `npm run pack:sdk`: builds the SDK and writes its tarball to dist/, ready for `npm install FILE` in another project.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'dist')
const isTarball = (name: string) => /^burstlet-monitoring-.*\.tgz$/.test(name)

/** Builds and packs the SDK in place of what was packed before; what the tools say is shown when they fail. @returns paths of the tarball */
export function packSdk(): string[] {
  mkdirSync(target, { recursive: true })
  for (const old of readdirSync(target).filter(isTarball)) rmSync(join(target, old))
  const { status, stdout, stderr } = spawnSync('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', target], {
    cwd: join(root, 'packages/sdk'),
    shell: process.platform === 'win32',
    encoding: 'utf8',
  })
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}\nThe SDK could not be packed.\n`)
    process.exit(status ?? 1)
  }
  return readdirSync(target)
    .filter(isTarball)
    .map((name) => join(target, name))
}

if (import.meta.main) for (const path of packSdk()) console.log(relative(process.cwd(), path))
