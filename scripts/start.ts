// `npm start`: builds the page when it changed, runs the server, and with `--demo` the demo services beside it.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { main } from '../packages/server/src/main.ts'
import type { Server } from '../packages/server/src/roles/start.ts'
import { packSdk } from './pack-sdk.ts'
import { root, run } from './run-step.ts'

const args = process.argv.slice(2)
const withDemo = args.includes('--demo')

if (`${process.platform}-${process.arch}` !== 'linux-x64' && !process.env['MONITORING_CLICKHOUSE_URL']) {
  process.stderr.write(
    'The embedded engine is tested on Linux x64 only; if it does not start, set MONITORING_CLICKHOUSE_URL to a ClickHouse server.\n',
  )
}
await buildPage()
await packChangedSdk()
if (withDemo) {
  // The demo tells the API of its release, so it needs a key; one that nobody chose is known to nobody and gone at the end.
  process.env['MONITORING_BOOTSTRAP_API_KEY'] ||= randomBytes(24).toString('hex')
  process.env['MONITORING_PAGE_TELEMETRY'] ||= 'true'
}
await main(
  args.filter((arg) => arg !== '--demo'),
  ({ addresses }) => {
    if (withDemo) startDemo(addresses)
  },
)

/** Builds `packages/web` unless what stands in `dist` was built from these very files. */
async function buildPage(): Promise<void> {
  const files = ['src/**/*.*', 'public/**/*.*', '*.html', '*.ts', '*.json']
  await whenChanged('packages/web', files, 'dist/.stamp', () =>
    run('Build the page', 'vite', ['build', '--logLevel', 'warn'], 'packages/web'),
  )
}

/** Packs the SDK, which the server hands to whoever installs it. */
async function packChangedSdk(): Promise<void> {
  const files = ['src/**/*.*', 'docs/*', '*.md', '*.ts', '*.json', 'LICENSE']
  await whenChanged('packages/sdk', files, '../../dist/.stamp', async () => {
    process.stderr.write('▸ Pack the SDK\n')
    packSdk()
  })
}

/** @param stampFile relative to `folder`, like `files`; holds what was built last */
async function whenChanged(folder: string, files: string[], stampFile: string, build: () => Promise<unknown>) {
  const cwd = join(root, folder)
  const hash = createHash('sha256')
  for (const file of globSync(files, { cwd }).sort()) {
    const { mtimeMs, size } = statSync(join(cwd, file))
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  const stamp = hash.update(readFileSync(join(root, 'pnpm-lock.yaml'))).digest('hex')
  const path = join(cwd, stampFile)
  if (existsSync(path) && readFileSync(path, 'utf8') === stamp) return
  await build()
  writeFileSync(path, stamp)
}

/** The demo ends with its stdin, so it never outlives the server; on a signal it ends first, while its last spans are still taken. */
function startDemo({ api, otlpHttp }: Server['addresses']): void {
  if (otlpHttp === undefined) {
    process.stderr.write('The demo needs a process with the role ingest; it was not started.\n')
    return
  }
  const key = flag('bootstrap-api-key') ?? process.env['MONITORING_BOOTSTRAP_API_KEY']
  const child = spawn(process.execPath, [join(root, 'packages/demo/src/main.ts'), '--otlp-endpoint', otlpHttp], {
    stdio: ['pipe', 'inherit', 'inherit'],
    // The admin key may send telemetry too.
    env: { ...process.env, MONITORING_URL: api, MONITORING_API_KEY: key, MONITORING_INGEST_KEY: key },
  })
  child.on('exit', (code) => {
    if (code) process.stderr.write(`The demo ended with ${code}; the server goes on.\n`)
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.stdin.end())
}

/** Value of `--name VALUE` or `--name=VALUE`, which wins over the environment. */
function flag(name: string): string | undefined {
  const { values } = parseArgs({ args, options: { [name]: { type: 'string' } }, strict: false })
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
