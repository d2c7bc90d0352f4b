import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { usageOf } from '../process-usage.ts'
import type { Framework, SdkSubject } from './subjects.ts'

/** One run of one app under one subject. */
export const sdkMeasured = z.object({
  subject: z.string(),
  framework: z.enum(['express', 'fastify']),
  /** From the start of the process to the first answer. */
  startMs: z.number(),
  /** With ten connections that ask as fast as they get answers; of the best second. */
  requestsPerSecond: z.number(),
  /** User and system time of the process, in microseconds, under that load; of the best second. */
  cpuMicrosPerRequest: z.number(),
  residentMegabytes: z.number(),
  /** At a rate that is far below what the slowest can do. */
  p50Ms: z.number(),
  p99Ms: z.number(),
})
export type SdkMeasured = z.infer<typeof sdkMeasured>

export interface SdkRun {
  readonly subject: SdkSubject
  readonly folder: string
  readonly framework: Framework
  readonly autocannon: string
  readonly seconds: number
  readonly rate: number
}

const warmUpSeconds = 2
const result = z.object({
  requests: z.object({ total: z.number(), average: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  duration: z.number(),
  non2xx: z.number(),
  errors: z.number(),
})

/** Starts the app, waits for its first answer, loads it in three phases, and ends it. */
export async function measureSdk(run: SdkRun): Promise<SdkMeasured> {
  const sink = await start(['sink.cjs'], run.folder, {})
  const startedAt = performance.now()
  const { nodeArguments, environment } = run.subject
  const app = await start(
    [...nodeArguments, `${run.framework}.cjs`],
    run.folder,
    environment(`http://127.0.0.1:${sink.port}`),
  )
  try {
    const url = `http://127.0.0.1:${app.port}/items/7`
    const first = await fetch(url)
    await first.arrayBuffer()
    const startMs = performance.now() - startedAt
    await load(run, url, warmUpSeconds)
    const pid = app.process.pid ?? 0
    const seconds: FullSecond[] = []
    for (let second = 0; second < run.seconds; second++) seconds.push(await fullSecond(run, url, pid))
    const steady = await load(run, url, run.seconds, run.rate)
    return {
      subject: run.subject.name,
      framework: run.framework,
      startMs,
      requestsPerSecond: Math.max(...seconds.map((second) => second.requestsPerSecond)),
      cpuMicrosPerRequest: Math.min(...seconds.map((second) => second.cpuMicrosPerRequest)),
      residentMegabytes: usageOf(pid).residentBytes / 1e6,
      p50Ms: steady.latency.p50,
      p99Ms: steady.latency.p99,
    }
  } finally {
    await Promise.all([stop(app.process), stop(sink.process)])
  }
}

type FullSecond = { requestsPerSecond: number; cpuMicrosPerRequest: number }

/**
 * A second of as many requests as can be served. Several are taken and the best one counts: what else runs on the machine takes
 * caches and clock from this process, so every disturbance makes a second dearer and none makes it cheaper.
 */
async function fullSecond(run: SdkRun, url: string, pid: number): Promise<FullSecond> {
  const before = usageOf(pid)
  const { requests, duration } = await load(run, url, 1)
  // What was measured also has to be sent.
  await sleep(300)
  const cpuSeconds = usageOf(pid).cpuSeconds - before.cpuSeconds
  return { requestsPerSecond: requests.total / duration, cpuMicrosPerRequest: (cpuSeconds / requests.total) * 1e6 }
}

async function load(run: SdkRun, url: string, seconds: number, rate?: number) {
  const options = ['--json', '--connections', '10', '--duration', String(seconds)]
  if (rate !== undefined) options.push('--overallRate', String(rate))
  const { stdout } = await promisify(execFile)(process.execPath, [run.autocannon, ...options, url], {
    maxBuffer: 16 * 1024 * 1024,
  })
  const measured = result.parse(JSON.parse(stdout))
  if (measured.errors + measured.non2xx > 0) throw new Error(`${run.subject.name}: ${JSON.stringify(measured)}`)
  return measured
}

type Started = { process: ChildProcess; port: number }

async function start(nodeArguments: string[], cwd: string, environment: Record<string, string>): Promise<Started> {
  const child = spawn(process.execPath, nodeArguments, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...environment },
  })
  let complaints = ''
  child.stderr.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-4000)
  })
  const port = new Promise<number>((resolve) => {
    // SDKs greet on stdout as well.
    createInterface({ input: child.stdout }).on('line', (line) => /^\d+$/.test(line) && resolve(Number(line)))
  })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${cwd} ended:\n${complaints}`)))
  ended.catch(() => {})
  return { process: child, port: await Promise.race([port, ended]) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
