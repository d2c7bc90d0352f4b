import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface App {
  process: ChildProcess
  /** Where it listens, for apps that print their address as their first line. */
  url: string
  stderr: () => string
  stdout: () => string
  /** Waits for the end; answers the exit code or, if a signal ended it, the signal's name. */
  ended: Promise<number | NodeJS.Signals>
  stop: () => Promise<void>
}

export interface AppOptions {
  endpoint: string
  /** Another Node than the one that runs the tests. */
  node?: string
  env?: Record<string, string>
  /** Node's own arguments; the default loads the SDK as a user would. */
  nodeArguments?: string[]
  args?: string[]
  cwd?: string
}

const folder = fileURLToPath(new URL('../apps/', import.meta.url))
const register = ['--import', '@burstlet/monitoring/register']

/** Starts one of the apps beside this file as a process of its own and does not wait for it. */
export function spawnApp(file: string, options: AppOptions): App {
  const child = spawn(
    options.node ?? process.execPath,
    [...(options.nodeArguments ?? register), file, ...(options.args ?? [])],
    {
      cwd: options.cwd ?? folder,
      env: environment(options),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  return { process: child, url: '', stdout: () => stdout, stderr: () => stderr, ended, stop }
}

/** Starts an app that serves, and resolves when it has printed its address. */
export async function startApp(file: string, options: AppOptions): Promise<App> {
  const app = spawnApp(file, options)
  const lines = createInterface({ input: app.process.stdout! })
  const first = new Promise<string>((resolve) => {
    // Log lines may come before.
    lines.on('line', (line) => line.startsWith('http') && resolve(line))
  })
  const url = await Promise.race([
    first,
    app.ended.then((how) => Promise.reject(new Error(`${file} ended: ${how}\n${app.stderr()}`))),
  ])
  return { ...app, url }
}

function environment({ endpoint, env = {} }: AppOptions): NodeJS.ProcessEnv {
  // The compile cache only makes it quicker.
  const own = /^(OTEL_|NODE_(?!COMPILE_CACHE)|VITEST|MONITORING_)/
  const inherited = Object.entries(process.env).filter(([name]) => !own.test(name))
  return {
    ...Object.fromEntries(inherited),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_BLRP_SCHEDULE_DELAY: '100',
    OTEL_METRIC_EXPORT_INTERVAL: '1500',
    ...env,
  }
}
