import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { glob, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, ended } from './child-processes.ts'
import { copyMigratedTables } from './migrated-tables.ts'

export interface TestServerOptions {
  /** A folder to start on, migrated by the server itself; a new one with the tables in it, removed at `stop`, when unset. */
  readonly dataDir?: string
  readonly environment?: Record<string, string>
  readonly args?: readonly string[]
}

/** A real server process on free ports, with its own data folder. Where `MONITORING_ROLES` leaves a role out, its addresses are absent. */
export interface TestServer {
  readonly api: string
  readonly otlpHttp: string
  readonly otlpGrpc: string
  /** Signs one browser in, once. */
  readonly signIn: string
  /** What `npm install` takes the SDK from. */
  readonly sdk: string
  readonly apiKey: string
  readonly dataDir: string
  readonly pid: number
  /** What it wrote to stderr so far. */
  readonly log: () => string
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** `GET` under the API's prefix with the key; the parsed body, whatever the status. */
  get<Body>(path: string): Promise<Body>
  /** Another sign-in link. */
  newSignInLink(): Promise<string>
  /** Resolves when all that was acknowledged can be asked for: nothing is left in the spool. */
  settled(): Promise<void>
  /** SIGTERM, then waits for its end; removes the folder that it made. */
  stop(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** SIGKILL, keeps the folder. */
  kill(): Promise<void>
}

const main = join(import.meta.dirname, '../../server/src/main.ts')

/** @throws Error with the server's own lines when it does not come up */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await newDataFolder())
  const apiKey = 'test-key-0123456789abcdef0123456789abcdef'
  const child = spawn(process.execPath, [main, '--print-addresses', ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MONITORING_DATA_DIR: dataDir,
      MONITORING_API_PORT: '0',
      MONITORING_OTLP_HTTP_PORT: '0',
      MONITORING_OTLP_GRPC_PORT: '0',
      MONITORING_INSERT_INTERVAL_MS: '50',
      MONITORING_BOOTSTRAP_API_KEY: apiKey,
      ...options.environment,
    },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-1_000_000)
  })
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    exited.then(({ code }) => {
      throw new Error(`The server ended with ${code} before it was ready:\n${log}`)
    }),
  ])
  const addresses = JSON.parse(line) as Pick<TestServer, 'api' | 'otlpHttp' | 'otlpGrpc' | 'signIn' | 'sdk'>
  return {
    ...addresses,
    apiKey,
    dataDir,
    pid: child.pid ?? 0,
    log: () => log,
    exited,
    async get<Body>(path: string) {
      const response = await fetch(`${addresses.api}/api/v1/monitoring${path}`, {
        headers: { authorization: `Bearer ${apiKey}` },
      })
      return (await response.json()) as Body
    },
    async newSignInLink() {
      const response = await fetch(`${addresses.api}/api/v1/monitoring/sign-in-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}` },
      })
      return ((await response.json()) as { url: string }).url
    },
    async settled() {
      while (await hasWaitingSegments(dataDir)) await sleep(20)
    },
    async stop() {
      // A server that ends late leaves its engine behind for a moment, which still writes.
      const children = childrenOf(child.pid ?? 0)
      child.kill('SIGTERM')
      const result = await exited
      await ended(children)
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
      return result
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** A data folder whose tables need no migration. */
async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'burstlet-test-'))
  await copyMigratedTables(join(folder, 'clickhouse'))
  return folder
}

/** Folders vanish while they are read, since the server removes what it has stored; `glob` takes those for empty. */
async function hasWaitingSegments(dataDir: string): Promise<boolean> {
  for await (const _ of glob('*/*/*.native', { cwd: join(dataDir, 'segments') })) return true
  return false
}
