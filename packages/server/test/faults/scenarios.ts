import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { IngestResponse } from '@burstlet/contract/ingest'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { brokenTables, countSpans, type Result } from './count.ts'
import { type DiskKind, empty, fill, makeDisk } from './disk.ts'
import { Load, type LoadOptions } from './load.ts'

/** What a scenario has at hand: a server under load. */
export interface Stage {
  readonly server: TestServer
  readonly load: Load
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
  /** Runs on a file system of its own; left out where nobody may mount one. */
  readonly disk?: DiskKind
  readonly load?: LoadOptions
}

/** The short form is about what a fault does to a server at work, not about one that has no time left. */
const shortLoad: LoadOptions = { pauseMs: 10 }

/** Enough that merges are always under way, and not so much that the spool fills the disk by itself. */
const steady: LoadOptions = { workers: 6, pauseMs: 5 }
const often = { MONITORING_INSERT_INTERVAL_MS: '100' }

const moment = () => sleep(300 + Math.random() * 1200)

export const scenarios: readonly Scenario[] = [
  {
    name: 'kill -9 of the server',
    rounds: [1, 20],
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
    rounds: [1, 20],
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
    rounds: [1, 20],
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
    rounds: [2, 10],
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
    rounds: [4, 60],
    async run({ server, rounds }) {
      await moment()
      const engine = engineOf(server)
      if (engine === undefined) throw new Error('no engine to stop')
      process.kill(engine, 'SIGSTOP')
      await sleep(rounds * 1000)
      if (engineOf(server) === engine) process.kill(engine, 'SIGCONT')
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
    rounds: [2, 20],
    load: { answerPatienceMs: 3 },
    run: ({ rounds }) => sleep(rounds * 1000),
  },
  {
    name: 'spool full, engine hung',
    rounds: [2, 20],
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
        if (engineOf(server) === engine) process.kill(engine, 'SIGCONT')
      }
    },
  },
  {
    name: 'disk full, tmpfs',
    rounds: [1, 50],
    disk: { type: 'tmpfs', mebibytes: 512 },
    load: steady,
    environment: often,
    run: fillAgainAndAgain,
  },
  {
    name: 'disk full, ext4',
    rounds: [1, 50],
    disk: { type: 'ext4', mebibytes: 512 },
    load: steady,
    environment: often,
    run: fillAgainAndAgain,
  },
]

/** Fills the disk at any moment of merges and inserts, for a moment, and waits until everything goes on by itself. */
async function fillAgainAndAgain({ server, load, rounds }: Stage): Promise<void> {
  const filler = join(server.dataDir, 'filler')
  for (let i = 0; i < rounds; i++) {
    await moment()
    fill(filler)
    await sleep(Math.random() * 1500)
    empty(filler)
    const before = load.acknowledged
    const inserted = await insertedSegments(server)
    const deadline = Date.now() + 60_000
    while (load.acknowledged < before + 20 || (await insertedSegments(server)) < inserted + 5) {
      if (Date.now() > deadline) {
        const { spool, inserts, storage } = await server.get<IngestResponse>('/ingest')
        const engine = server
          .log()
          .split('\n')
          .filter((line) => line.includes('embedded engine'))
          .slice(-5)
        throw new Error(`it does not go on: ${JSON.stringify({ spool, inserts, storage, engine }, null, 1)}`)
      }
      await sleep(50)
    }
  }
}

async function insertedSegments(server: TestServer): Promise<number> {
  return (await server.get<IngestResponse>('/ingest')).inserts.segments
}

/** Runs one scenario on a server of its own, and counts. */
export async function play(scenario: Scenario, form: 'short' | 'long', rounds?: number): Promise<Result> {
  const disk = makeDisk(scenario.disk)
  const dataDir = join(disk.folder, 'data')
  mkdirSync(dataDir)
  try {
    const environment = scenario.environment ?? {}
    const start = () => startServer({ dataDir, environment })
    let server = await start()
    const load = new Load(() => server.otlpHttp, { ...(form === 'short' && shortLoad), ...scenario.load })
    const stage: Stage = {
      get server() {
        return server
      },
      load,
      rounds: rounds ?? scenario.rounds[form === 'short' ? 0 : 1],
      async restart() {
        server = await start()
      },
    }
    await scenario.run(stage)
    await load.stop()
    await server.settled()
    // Before it stops: the engine brings back at its start what an empty merged part still has sources of.
    const broken = await brokenTables(server)
    await server.stop()
    const result = await countSpans(dataDir, load.ledger)
    return { ...result, wrong: [...broken, ...result.wrong] }
  } finally {
    disk.remove()
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
