import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Signal } from '@burstlet/testkit/captures'
import type { PointKind } from '../payloads/points.ts'
import type { SendResult } from './send.ts'

/** One run of the load generator. */
export interface LoadOptions {
  readonly address: string
  readonly signal: Signal
  /** In each request. */
  readonly items: number
  /** Ends after as many; or, uncompressed only, after `seconds`. */
  readonly requests?: number
  readonly seconds?: number
  /** Requests a second; as many as are answered when unset. */
  readonly rate?: number
  readonly connections: number
  readonly gzip: boolean
  /** How many requests are made; after them the same come again with other trace ids. */
  readonly distinct?: number
  /** Ends the load before its time. */
  readonly stop?: AbortSignal
  /** For metrics: the kinds of points, all by default. */
  readonly kinds?: readonly PointKind[]
}

/** A load generator whose bodies are made; nothing is sent before `run`. */
export interface PreparedLoad {
  run(): Promise<SendResult>
}

/** Makes the bodies in a process of its own, so that neither their making nor their sending is in what is measured. */
export async function prepareLoad({ stop, ...options }: LoadOptions): Promise<PreparedLoad> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--max-old-space-size=8000', main, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error('the load generator ended before its time')
    return String(value)
  }
  await line()
  // A second line ends it: what is on its way is still answered.
  stop?.addEventListener('abort', () => child.stdin.write('stop\n'), { once: true })
  return {
    async run() {
      child.stdin.write('go\n')
      return JSON.parse(await line()) as SendResult
    },
  }
}
