import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { writeErrors } from './engine/write-errors.ts'
import { neededEnvironment } from './environment.ts'

export interface StartOptions {
  /** Holds the tables; made when missing. One process at a time. */
  dataDirectory: string
  /** On 127.0.0.1; a free one by default. */
  port?: number
  /** Folder whose files an INSERT may name as `local_file`. */
  localFiles?: string
  /** `database.table`, what the user `guest` may read; nothing by default. */
  guestTables?: readonly string[]
  /** Cap of the engine's memory, bytes; 2 GiB by default. */
  maxMemory?: number
  /** Bytes of the disk that inserts and merges leave free; none by default. */
  minFreeDisk?: number
  /** Gets each line that the process writes on stderr (JSON lines of its own, plain ones of the engine). */
  onLog?: (line: string) => void
  /** Stops waiting for the start, and ends the process. */
  signal?: AbortSignal
}

export interface ChdbServer {
  /** Of ClickHouse's HTTP interface, without a slash at the end. */
  url: string
  /** ClickHouse's. */
  version: string
  writer: { username: string; password: string }
  /** For the SQL of a program. */
  reader: { username: string; password: string }
  /** For SQL that a person wrote: one SELECT over tables of `guestTables`. */
  guest: { username: string; password: string }
  pid: number
  /** Resolves when the process is gone, however it went. */
  exited: Promise<Exit>
  /** Ends it cleanly and resolves when it is gone; running statements get five seconds. */
  stop(): Promise<void>
}

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** Why a process ended by itself, when it was for a file that it could not write. */
export function failedWriteOf({ code }: Exit): string | undefined {
  return code === null ? undefined : writeErrors[code]
}

const credentials = z.object({ username: z.string(), password: z.string() })
const readyLine = z.object({
  url: z.url(),
  version: z.string(),
  users: z.object({ writer: credentials, reader: credentials, guest: credentials }),
})

/** After SIGTERM, before SIGKILL. Milliseconds. Less than the server takes for its own stop, or the engine would outlive it. */
const stopTimeout = 10_000

/**
 * Starts the embedded engine in a process of its own, which ends with this one, and resolves when it answers.
 * Throws with the process's last line when it does not come up, for one when the data folder is in use.
 */
export async function startChdbServer(options: StartOptions): Promise<ChdbServer> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argumentsOf(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...neededEnvironment(), UV_THREADPOOL_SIZE: '24' },
  })
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  child.stdin.on('error', () => {}) // the process is gone; `exited` tells
  const lastLines = followLog(child, options.onLog)
  const stop = async () => {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), stopTimeout)
    await exited
    clearTimeout(late)
  }
  try {
    const { users, ...ready } = readyLine.parse(JSON.parse(await firstLine(child, exited, options.signal)))
    return { ...ready, ...users, pid: child.pid!, exited, stop }
  } catch (error) {
    child.kill('SIGKILL')
    const reason = failedWriteOf(await exited) ?? lastLines() ?? String(error)
    if (options.signal?.aborted === true) throw options.signal.reason
    throw new Error(`the embedded engine did not start: ${reason}`, { cause: error })
  }
}

function argumentsOf(options: StartOptions): string[] {
  const { dataDirectory, port, localFiles, guestTables, maxMemory, minFreeDisk } = options
  const args = ['--data-dir', dataDirectory, '--port', String(port ?? 0)]
  if (localFiles !== undefined) args.push('--local-files', localFiles)
  if (guestTables !== undefined) args.push('--guest-tables', guestTables.join(','))
  if (maxMemory !== undefined) args.push('--max-memory', String(maxMemory))
  if (minFreeDisk !== undefined) args.push('--min-free-disk', String(minFreeDisk))
  return args
}

/** Rejects when the process ends before it wrote a line. */
async function firstLine(child: ChildProcess, exited: Promise<unknown>, signal?: AbortSignal): Promise<string> {
  const lines = createInterface({ input: child.stdout! })
  const ended = exited.then(() => {
    throw new Error('it ended before it was ready')
  })
  const [line] = (await Promise.race([once(lines, 'line', signal === undefined ? {} : { signal }), ended])) as [string]
  return line
}

/** Passes stderr on and gives its last two lines: the engine's own reason comes before the process's. */
function followLog(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string | undefined {
  const last: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => {
    last.splice(0, last.length - 1)
    last.push(line)
    onLog?.(line)
  })
  return () => (last.length === 0 ? undefined : last.map(messageOf).join('; '))
}

function messageOf(line: string): string {
  try {
    return z.object({ msg: z.string() }).parse(JSON.parse(line)).msg
  } catch {
    return line
  }
}
