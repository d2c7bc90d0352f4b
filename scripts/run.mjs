// The one entry to everything: brings pnpm and Node 24, installs when something changed, then runs a task on Node 24.
// Plain JavaScript without dependencies, since it must run on the Node 20 that a newcomer has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chooseNode, engineBesideTheLockfile } from './platform.mjs'

const pnpm = 'pnpm@12.21.0'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const platform = `${process.platform}-${process.arch}`
const engineFolder = join(root, 'node_modules/.burstlet-engine')
const stampFile = join(root, 'node_modules/.burstlet-stamp')
const compileCache = join(root, 'node_modules/.cache/compile')

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
  'test:unit': 'scripts/test-unit.ts',
  'test:clock': 'scripts/test-clock.ts',
  'test:openapi': 'packages/server/test/openapi/main.ts',
  'test:bundlers': 'packages/sdk/test/bundlers/main.ts',
}

/** Hash of all that decides what an install brings. */
function installStamp() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'package.json'))
  const hash = createHash('sha256').update(platform)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...packages.sort()]) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(file).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** A stamp alone is not enough: somebody may have removed half of `node_modules`. */
function isInstalled(stamp) {
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) return false
  return readdirSync(join(root, 'packages')).every((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    return wanted.every((dependency) => existsSync(join(root, 'packages', name, 'node_modules', dependency)))
  })
}

function install(stamp) {
  process.stderr.write('Installing dependencies (about a minute the first time) ...\n')
  const command = ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline']
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
  installEngine()
  writeFileSync(stampFile, stamp)
}

/** Not fatal: a ClickHouse server does as well, and the server says so where it finds no engine. */
function installEngine() {
  const chdb = JSON.parse(readFileSync(join(root, 'packages/chdb-server/node_modules/chdb/package.json'), 'utf8'))
  const engine = engineBesideTheLockfile({ platform, optionalDependencies: chdb.optionalDependencies })
  if (engine === undefined) return
  spawnSync('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', engineFolder, engine], {
    stdio: ['ignore', 2, 2],
  })
}

/**
 * Keeps what V8 compiled from growing for ever: a file that is in no place twice, as tests write them, is never read
 * again. A run of all tests leaves some thousand entries of 5 kB.
 */
function boundCompileCache() {
  if (!existsSync(compileCache)) return
  if (readdirSync(compileCache, { recursive: true }).length > 20_000) {
    rmSync(compileCache, { recursive: true, force: true })
  }
}

const [task, ...args] = process.argv.slice(2)
if (!task || !Object.hasOwn(tasks, task)) {
  process.stderr.write(`Usage: node scripts/run.mjs ${Object.keys(tasks).join('|')} [options]\n`)
  process.exit(2)
}

const stamp = installStamp()
if (!isInstalled(stamp)) install(stamp)
boundCompileCache()

const node = chooseNode({
  bundled: join(root, 'node_modules/node/bin/node'),
  exists: existsSync,
  running: { path: process.execPath, version: process.version },
  platform,
})
if (node.problem !== undefined) {
  process.stderr.write(`${node.problem}\n`)
  process.exit(1)
}
const child = spawn(node.path, [join(root, tasks[task]), ...args], {
  stdio: 'inherit',
  // So that tools which the task starts find Node 24 and the workspace's programs first.
  env: {
    ...process.env,
    PATH: `${dirname(node.path)}:${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '8',
    // For the task and all that it starts: half of a server's way to being ready is compiling.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache,
  },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
// npm ends without passing a signal on to what its shell runs; whoever is orphaned by it stops too.
const parent = process.ppid
setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref()
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
