import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'
import type { Losses } from './losses.ts'
import { notice } from './notice.ts'

/** A request that was not answered yet. */
export interface Unsent {
  url: string
  headers: Record<string, string>
  body: Uint8Array
  certificates: Certificates
  /** The path of its method, where it is a call of gRPC; `url` is then only where. */
  grpcPath?: string
}

/** Collects, at the very end of a process, what its exporters could not send any more. */
export interface AtExit {
  /** True once there is no event loop left to send with. */
  readonly ending: boolean
  /** Remembers a request until it is answered. Answers how to forget it. */
  track(describe: () => Unsent): () => void
  /** Adds what is to be done then, before anything is handed over: all that it does must be done when it returns. */
  before(action: () => void): void
  /**
   * From here on nothing is sent by this process: whatever was not answered goes to another one. Where `waitMs` is given it is waited
   * for, since what a crash leaves behind matters most, and the end of a container's first process is the end of all others.
   */
  handOver(waitMs?: number): void
}

/** What a process may leave behind. */
const maxBytes = 16 * 1024 * 1024

/**
 * Sends the requests on its stdin, each once, and ends within five seconds. It is given as text, so that it needs no file of
 * this package, and Node only.
 */
const sender = `
const { readFileSync } = require('node:fs')
const requests = JSON.parse(readFileSync(0, 'utf8'))
setTimeout(() => process.exit(2), 5000).unref()
const failed = () => { process.exitCode = 1 }
for (const { url, headers, body, certificates, grpcPath } of requests) {
  const tls = Object.fromEntries(Object.entries(certificates).map(([option, path]) => [option, readFileSync(path)]))
  const bytes = Buffer.from(body, 'base64')
  if (grpcPath !== undefined) {
    const frame = Buffer.alloc(5)
    frame.writeUInt32BE(bytes.length, 1)
    const client = require('node:http2').connect(url, tls).on('error', failed)
    const call = { ...headers, ':method': 'POST', ':path': grpcPath, 'content-type': 'application/grpc', te: 'trailers' }
    const stream = client.request(call).on('error', failed).on('close', () => client.close())
    stream.resume().end(Buffer.concat([frame, bytes]))
    continue
  }
  const { request } = require(url.startsWith('https:') ? 'node:https' : 'node:http')
  const sent = request(url, { method: 'POST', headers, ...tls }, (response) => response.resume())
  sent.on('error', failed)
  sent.end(bytes)
}
`

/** Starts to keep what is on its way. */
export function createAtExit(losses: Losses): AtExit {
  const waiting = new Set<() => Unsent>()
  const actions: (() => void)[] = []
  let ending = false
  return {
    get ending() {
      return ending
    },
    track(describe) {
      waiting.add(describe)
      return () => waiting.delete(describe)
    },
    before(action) {
      actions.push(action)
    },
    handOver(waitMs) {
      ending = true
      for (const action of actions) action()
      const unsent: Unsent[] = []
      let bytes = 0
      for (const describe of waiting) {
        const request = describe()
        bytes += request.body.length
        if (bytes <= maxBytes) unsent.push(request)
      }
      if (unsent.length === 0) return
      const trouble = waitMs === undefined ? leaveTo(unsent) : waitFor(unsent, waitMs)
      if (trouble !== undefined) notice(`lost at the end (${losses.describeSending()}): ${trouble}`)
    },
  }
}

/** Sends the requests before it returns, or gives up in time. Answers why it was in vain. */
function waitFor(unsent: Unsent[], waitMs: number): string | undefined {
  const { status, error } = spawnSync(process.execPath, ['-e', sender], {
    input: textOf(unsent),
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: waitMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status === 0) return undefined
  if (status === 1) return 'the backend could not be reached'
  return error === undefined || (error as NodeJS.ErrnoException).code === 'ETIMEDOUT'
    ? 'the backend did not answer in time'
    : error.message
}

function textOf(unsent: Unsent[]): string {
  return JSON.stringify(unsent.map((request) => ({ ...request, body: Buffer.from(request.body).toString('base64') })))
}

/** The requests travel in a file that has no name any more when the child reads it: nothing stays on the disk. Answers why it was in vain. */
function leaveTo(unsent: Unsent[]): string | undefined {
  let folder: string | undefined
  let input: number | undefined
  try {
    folder = mkdtempSync(join(tmpdir(), 'burstlet-exit-'))
    const file = join(folder, 'requests')
    writeFileSync(file, textOf(unsent), { mode: 0o600 })
    input = openSync(file, 'r')
    spawn(process.execPath, ['-e', sender], {
      stdio: [input, 'ignore', 'ignore'],
      detached: true,
      windowsHide: true,
      // No options of the service's own: they would load this SDK again.
      env: { ...process.env, NODE_OPTIONS: '' },
    }).unref()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    if (input !== undefined) closeSync(input)
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}
