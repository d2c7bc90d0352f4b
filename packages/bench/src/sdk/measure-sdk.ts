import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { usageOf } from '../process-usage.ts'
import type { Framework, SdkSubject } from './subjects.ts'

/** One start of one app under one subject. */
export const sdkMeasured = z.object({
  subject: z.string(),
  framework: z.enum(['express', 'fastify']),
  /** From the start of the process to the first answer. */
  startMs: z.number(),
  /** With ten connections that ask as fast as they get answers; of the best turn. */
  requestsPerSecond: z.number(),
  /** User and system time of the process, in microseconds, under that load; of the best turn. */
  cpuMicrosPerRequest: z.number(),
  residentMegabytes: z.number(),
  /** At a rate that is far below what the slowest can do. */
  p50Ms: z.number(),
  p99Ms: z.number(),
})
export type SdkMeasured = z.infer<typeof sdkMeasured>

export interface SdkRun {
  readonly framework: Framework
  readonly autocannon: string
  /** How often each subject has its turn, and with how many requests. */
  readonly turns: number
  readonly requests: number
  /** Requests a second at which latency is measured, and for how long. */
  readonly rate: number
  readonly seconds: number
}

/** A subject and the folder that it is installed in. */
export interface Installed {
  readonly subject: SdkSubject
  readonly folder: string
}

const warmUpRequests = 12_000
const result = z.object({
  requests: z.object({ total: z.number() }),
  latency: z.object({ p50: z.number(), p99: z.number() }),
  duration: z.number(),
  non2xx: z.number(),
  errors: z.number(),
})

/**
 * Starts the app of a framework under each subject, warms all of them, and then gives each its turns, one after the other: a
 * noisy moment falls on all alike. Of the turns the best one counts, since what else runs on the machine takes caches and clock
 * from a process: a disturbance makes a request dearer, and none makes it cheaper.
 */
export async function measureSdks(run: SdkRun, subjects: readonly Installed[]): Promise<SdkMeasured[]> {
  const running: Running[] = []
  try {
    for (const subject of subjects) running.push(await startSubject(run, subject))
    for (const one of running) await load(run, one, { amount: warmUpRequests })
    for (let turn = 0; turn < run.turns; turn++) {
      for (const one of running) await takeTurn(run, one)
    }
    const measured: SdkMeasured[] = []
    for (const one of running) {
      const { latency } = await load(run, one, { duration: run.seconds, overallRate: run.rate })
      measured.push({
        subject: one.subject.name,
        framework: run.framework,
        startMs: one.startMs,
        requestsPerSecond: Math.max(...one.turns.map((turn) => turn.requestsPerSecond)),
        cpuMicrosPerRequest: Math.min(...one.turns.map((turn) => turn.cpuMicrosPerRequest)),
        residentMegabytes: usageOf(one.pid).residentBytes / 1e6,
        p50Ms: latency.p50,
        p99Ms: latency.p99,
      })
    }
    return measured
  } finally {
    await Promise.all(running.flatMap(({ app, sink }) => [stop(app), stop(sink)]))
  }
}

interface Turn {
  requestsPerSecond: number
  cpuMicrosPerRequest: number
}
interface Running {
  subject: SdkSubject
  app: ChildProcess
  pid: number
  sink: ChildProcess
  url: string
  startMs: number
  turns: Turn[]
}

/** Starts a subject's app and a sink for what it sends, and waits for its first answer. */
async function startSubject({ framework }: SdkRun, { subject, folder }: Installed): Promise<Running> {
  const sink = await start(['sink.cjs'], folder, {})
  const startedAt = performance.now()
  const environment = subject.environment(`http://127.0.0.1:${sink.port}`)
  const app = await start([...subject.nodeArguments, `${framework}.cjs`], folder, environment)
  const url = `http://127.0.0.1:${app.port}/items/7`
  const first = await fetch(url)
  await first.arrayBuffer()
  const startMs = performance.now() - startedAt
  return { subject, app: app.process, pid: app.process.pid ?? 0, sink: sink.process, url, startMs, turns: [] }
}

async function takeTurn(run: SdkRun, one: Running): Promise<void> {
  const before = usageOf(one.pid)
  const { requests, duration } = await load(run, one, { amount: run.requests })
  // What was measured also has to be sent.
  await sleep(100)
  const cpuSeconds = usageOf(one.pid).cpuSeconds - before.cpuSeconds
  one.turns.push({
    requestsPerSecond: requests.total / duration,
    cpuMicrosPerRequest: (cpuSeconds / requests.total) * 1e6,
  })
}

async function load(run: SdkRun, { url, subject }: Running, options: Record<string, number>) {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [run.autocannon, '--json', '--connections', '10', ...given, url],
    { maxBuffer: 16 * 1024 * 1024 },
  )
  const measured = result.parse(JSON.parse(stdout))
  if (measured.errors + measured.non2xx > 0) throw new Error(`${subject.name}: ${JSON.stringify(measured)}`)
  return measured
}

interface Started {
  process: ChildProcess
  port: number
}

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
