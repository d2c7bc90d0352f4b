import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Ready } from './service.ts'

const readyMs = 30_000
const stopMs = 5000
const keptStderr = 4000

export interface ChildOptions {
  name: string
  /** The program, relative to this folder's parent: `gateway/main.ts`. */
  program: string
  env: Record<string, string>
  /** Whether the SDK is loaded, by the line that a user would write. */
  instrumented: boolean
}

/** A service that runs as a process of its own. */
export interface Child {
  name: string
  pid: number
  url: string
  /** Resolves when the process is gone, with a line that says how and its last words on stderr. */
  ended: Promise<string>
  stop: () => Promise<void>
}

/** Starts a service and waits until it says that it is ready. Rejects, with what it wrote to stderr, if it ends before. */
export async function startChild({ name, program, env, instrumented }: ChildOptions): Promise<Child> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url))
  const register = instrumented ? ['--import', '@burstlet/monitoring/register'] : []
  const child = spawn(process.execPath, [...register, file], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr = (stderr + String(chunk)).slice(-keptStderr)
  })
  const ended = once(child, 'exit').then(([code, signal]) => {
    const words = stderr.trim()
    return `${name} ended with ${signal ?? `code ${code}`}${words === '' ? '' : `:\n${words}`}`
  })
  const stop = () => stopChild(child)
  const url = await Promise.race([readiness(child), ended.then(rejectWith), timeout(name)]).catch(async (error) => {
    await stop()
    throw error
  })
  return { name, pid: child.pid ?? 0, url, ended, stop }
}

async function readiness(child: ChildProcess): Promise<string> {
  const [ready] = (await once(child, 'message')) as [Ready]
  return ready.url
}

async function rejectWith(message: string): Promise<never> {
  throw new Error(message)
}

function timeout(name: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${name} was not ready after ${readyMs / 1000} s`)), readyMs).unref()
  })
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await gone
  clearTimeout(patience)
}
