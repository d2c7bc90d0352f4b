import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The ways in which `app.cjs` ends; the signal where it waits for one. */
export const endings = {
  return: undefined,
  'process.exit': undefined,
  SIGTERM: 'SIGTERM',
  SIGINT: 'SIGINT',
  'SIGTERM with a listener': 'SIGTERM',
  'uncaught error': undefined,
  'unhandled rejection': undefined,
} as const satisfies Record<string, NodeJS.Signals | undefined>
export type Ending = keyof typeof endings
export const endingNames = Object.keys(endings) as Ending[]

/** How a process ended, and how long after it was told to, in milliseconds. */
export interface Ended {
  /** The exit code, or the signal that it died of. */
  readonly how: number | NodeJS.Signals
  readonly ms: number
}

const app = join(import.meta.dirname, 'app.cjs')
const register = join(import.meta.dirname, '../../../sdk/src/register.ts')

/**
 * Runs the app until it ends: what started it sees the end when the process and its output are gone.
 * @param endpoint of a backend, where the app runs with the SDK
 */
export async function measureEnding(ending: Ending, endpoint?: string): Promise<Ended> {
  const child = spawn(process.execPath, [...(endpoint === undefined ? [] : ['--import', register]), app, ending], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: environment(endpoint),
  })
  const ended = once(child, 'close').then(([code, signal]) => ({
    how: (code ?? signal) as Ended['how'],
    at: process.hrtime.bigint(),
  }))
  const told = once(createInterface({ input: child.stdout }), 'line')
  const line = await Promise.race([told, ended.then(({ how }) => Promise.reject(new Error(`It ended early: ${how}`)))])
  const signal = endings[ending]
  const from = signal === undefined ? BigInt(String(line[0])) : process.hrtime.bigint()
  if (signal !== undefined) child.kill(signal)
  const { how, at } = await ended
  return { how, ms: Number(at - from) / 1e6 }
}

function environment(endpoint: string | undefined): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OTEL_|NODE_|VITEST)/.test(name))
  return {
    ...Object.fromEntries(inherited),
    OTEL_SERVICE_NAME: 'ends',
    ...(endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }),
  }
}
