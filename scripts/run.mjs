// The one entry to everything: brings pnpm and Node 24, installs when something changed, then runs a task on Node 24.
// Plain JavaScript without dependencies, since it must run on the Node 20 that a newcomer has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@12.21.0'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const node24 = join(root, 'node_modules/node/bin/node')
const stampFile = join(root, 'node_modules/.burstlet-stamp')

const tasks = {
  start: 'scripts/start.ts',
  test: 'scripts/test.ts',
  check: 'scripts/check.ts',
  format: 'scripts/format.ts',
  bench: 'packages/bench/src/main.ts',
  'bench:sdk': 'packages/bench/src/sdk/main.ts',
  'pack:sdk': 'scripts/pack-sdk.ts',
  'reference:sdk': 'scripts/reference-sdk.ts',
  changeset: 'node_modules/@changesets/cli/bin.js',
  'version:sdk': 'scripts/version-sdk.ts',
  'test:faults': 'packages/server/test/faults/main.ts',
  'test:fuzz': 'scripts/fuzz.ts',
  'test:bundlers': 'packages/sdk/test/bundlers/main.ts',
}

/** Hash of all that decides what an install brings. */
function installStamp() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'package.json'))
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...packages.sort()]) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(file).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** A stamp alone is not enough: somebody may have removed half of `node_modules`. */
function isInstalled(stamp) {
  if (!existsSync(node24) || !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false
  return readdirSync(join(root, 'packages')).every((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    return wanted.every((dependency) => existsSync(join(root, 'packages', name, 'node_modules', dependency)))
  })
}

function install(stamp) {
  process.stderr.write('Installing dependencies (about a minute the first time) ...\n')
  const command = ['--yes', PNPM, 'install', '--frozen-lockfile', '--prefer-offline']
  // The task's own output may be read by a program, so the installer talks to stderr.
  const result = spawnSync('npx', command, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  })
  if (result.status !== 0) {
    process.stderr.write(`Installing failed (npx ${command.join(' ')}). The lines above say why.\n`)
    process.exit(result.status ?? 1)
  }
  writeFileSync(stampFile, stamp)
}

const [task, ...args] = process.argv.slice(2)
if (!task || !Object.hasOwn(tasks, task)) {
  process.stderr.write(`Usage: node scripts/run.mjs ${Object.keys(tasks).join('|')} [options]\n`)
  process.exit(2)
}

const stamp = installStamp()
if (!isInstalled(stamp)) install(stamp)

const child = spawn(node24, [join(root, tasks[task]), ...args], {
  stdio: 'inherit',
  // So that tools which the task starts find Node 24 and the workspace's programs first.
  env: {
    ...process.env,
    PATH: `${dirname(node24)}:${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '8',
  },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm ends without passing a signal on to what its shell runs; whoever is orphaned by it stops too.
const parent = process.ppid
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
