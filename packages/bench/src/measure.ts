import { setTimeout as sleep } from 'node:timers/promises'
import { type LoadOptions, prepareLoad } from './load/start.ts'
import { usageOf } from './process-usage.ts'
import type { Subject } from './subjects/subject.ts'

/** One run of one subject. */
export interface Measured {
  readonly itemsPerSecond: number
  /** Of each process and of all together, for a million acknowledged items: until they are stored and merges are quiet. */
  readonly cpuPerMillion: Readonly<Record<string, number>>
  readonly peakMegabytes: Readonly<Record<string, number>>
  /** Acknowledgement, milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly refused: number
}

export type Run = Omit<LoadOptions, 'address' | 'seconds' | 'rate'> & { readonly requests: number }

/** Requests before the clock starts: code is compiled, tables and files are there. */
const warmUpRequests = 200

/** Sends one load to a fresh subject, and ends it. */
export async function measure(start: () => Promise<Subject>, run: Run): Promise<Measured> {
  const subject = await start()
  try {
    const { otlpHttp: address, processes } = subject
    const warmUp = await prepareLoad({ ...run, address, requests: warmUpRequests })
    await warmUp.run()
    await subject.stored(run.signal, warmUpRequests * run.items)
    const load = await prepareLoad({ ...run, address })
    await quiet(processes)
    const before = cpuOf(processes)
    const { seconds, refused, p50, p99 } = await load.run()
    await subject.stored(run.signal, (warmUpRequests + run.requests) * run.items)
    await quiet(processes)
    const items = run.requests * run.items
    const used = mapValues(cpuOf(processes), (cpu, name) => ((cpu - (before[name] ?? 0)) / items) * 1e6)
    return {
      itemsPerSecond: items / seconds,
      cpuPerMillion: { ...used, all: Object.values(used).reduce((sum, each) => sum + each, 0) },
      peakMegabytes: mapValues(processes, (pid) => usageOf(pid).peakBytes / 1e6),
      p50,
      p99,
      refused,
    }
  } finally {
    await subject.stop()
  }
}

/** Returns when the processes have used less than a twentieth of a core for two seconds. */
async function quiet(processes: Subject['processes']): Promise<void> {
  const windowMs = 2000
  const total = () => Object.values(cpuOf(processes)).reduce((sum, each) => sum + each, 0)
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; ) {
    const before = total()
    await sleep(windowMs)
    if (total() - before < (windowMs / 1000) * 0.05) return
  }
  throw new Error('the processes do not come to rest')
}

function cpuOf(processes: Subject['processes']): Record<string, number> {
  return mapValues(processes, (pid) => usageOf(pid).cpuSeconds)
}

function mapValues<From, To>(of: Readonly<Record<string, From>>, map: (value: From, name: string) => To) {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, map(value, name)]))
}
