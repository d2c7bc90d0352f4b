import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { countSpans, type Result } from './count.ts'
import { Load } from './load.ts'

/** What a scenario has at hand: a server under load. */
export interface Stage {
  server: TestServer
  /** Starts the server on the same data again. */
  restart(): Promise<void>
  /** How often, or how long, in the form that is run. */
  readonly rounds: number
}

export interface Scenario {
  readonly name: string
  readonly run: (stage: Stage) => Promise<void>
  /** Rounds (or seconds) of the short form and of the long one. */
  readonly rounds: readonly [short: number, long: number]
  readonly environment?: Record<string, string>
  /** Runs on a file system of its own of this many MiB; left out where nobody may mount one. */
  readonly diskMiB?: number
  readonly answerPatienceMs?: number
}

const moment = () => sleep(300 + Math.random() * 1200)

export const scenarios: readonly Scenario[] = [
  {
    name: 'kill -9 of the server',
    rounds: [2, 20],
    async run(stage) {
      for (let i = 0; i < stage.rounds; i++) {
        await moment()
        await stage.server.kill()
        await stage.restart()
      }
    },
  },
  {
    name: 'kill -9 of the engine',
    rounds: [2, 20],
    async run({ server, rounds }) {
      for (let i = 0; i < rounds; i++) {
        await moment()
        killEngine(server)
        await sleep(2500)
      }
    },
  },
  {
    name: 'kill -9 of both',
    rounds: [2, 20],
    async run(stage) {
      for (let i = 0; i < stage.rounds; i++) {
        await moment()
        killEngine(stage.server)
        await stage.server.kill()
        await stage.restart()
      }
    },
  },
  {
    name: 'engine stopped for a while',
    rounds: [4, 10],
    async run({ server, rounds }) {
      const until = Date.now() + rounds * 1000
      // It is started again at once, so it is ended again and again.
      while (Date.now() < until) {
        killEngine(server)
        await sleep(100)
      }
    },
  },
  {
    name: 'engine hung (SIGSTOP)',
    rounds: [5, 60],
    async run({ server, rounds }) {
      await moment()
      const engine = engineOf(server)
      if (engine === undefined) throw new Error('no engine to stop')
      process.kill(engine, 'SIGSTOP')
      await sleep(rounds * 1000)
      process.kill(engine, 'SIGCONT')
    },
  },
  {
    name: 'SIGTERM under load',
    rounds: [1, 10],
    async run(stage) {
      for (let i = 0; i < stage.rounds; i++) {
        await moment()
        const { code } = await stage.server.stop()
        if (code !== 0) throw new Error(`the server ended with ${code}`)
        await stage.restart()
      }
    },
  },
  {
    name: 'client gives up before the answer',
    rounds: [3, 20],
    answerPatienceMs: 3,
    run: ({ rounds }) => sleep(rounds * 1000),
  },
  {
    name: 'spool full, engine hung',
    rounds: [4, 20],
    environment: { MONITORING_SPOOL_MAX_BYTES: String(1_048_576) },
    async run({ server, rounds }) {
      const engine = engineOf(server)
      if (engine === undefined) throw new Error('no engine to stop')
      process.kill(engine, 'SIGSTOP')
      try {
        const deadline = Date.now() + 60_000
        while ((await statusOfNothing(server)) !== 503) {
          if (Date.now() > deadline) throw new Error('the spool takes in more than it may')
          await sleep(100)
        }
        await sleep(rounds * 1000)
      } finally {
        process.kill(engine, 'SIGCONT')
      }
    },
  },
  {
    name: 'disk full (spool and engine)',
    rounds: [4, 15],
    diskMiB: 96,
    async run({ server, rounds }) {
      const filler = join(server.dataDir, 'filler')
      await moment()
      fill(filler)
      await sleep(rounds * 1000)
      rmSync(filler)
      await sleep(1000)
    },
  },
]

/** Runs one scenario on a server of its own, and counts. */
export async function play(scenario: Scenario, form: 'short' | 'long', rounds?: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-faults-'))
  const mounted = scenario.diskMiB !== undefined
  if (mounted) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${scenario.diskMiB}m`, 'tmpfs', folder])
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  try {
    const environment = scenario.environment ?? {}
    const start = () => startServer({ dataDir, environment })
    const stage: Stage = {
      server: await start(),
      rounds: rounds ?? scenario.rounds[form === 'short' ? 0 : 1],
      async restart() {
        stage.server = await start()
      },
    }
    const { answerPatienceMs } = scenario
    const load = new Load(() => stage.server.otlpHttp, answerPatienceMs === undefined ? {} : { answerPatienceMs })
    await scenario.run(stage)
    await load.stop()
    await stage.server.settled()
    await stage.server.stop()
    return await countSpans(dataDir, load.ledger)
  } finally {
    if (mounted) execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whether this process may mount a file system of its own. */
export function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-faults-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function engineOf({ pid }: TestServer): number | undefined {
  const path = `/proc/${pid}/task/${pid}/children`
  const child = existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ')[0] : undefined
  return child ? Number(child) : undefined
}

/** Of the answer to a request without spans. */
async function statusOfNothing({ otlpHttp }: TestServer): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${otlpHttp}/v1/traces`, { method: 'POST', headers, body: '{}' })
  return status
}

function killEngine(server: TestServer): void {
  const engine = engineOf(server)
  if (engine !== undefined) process.kill(engine, 'SIGKILL')
}

function fill(path: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k'], { stdio: 'ignore' })
  } catch {
    // Until there is no room any more: that is what it is for.
  }
}
