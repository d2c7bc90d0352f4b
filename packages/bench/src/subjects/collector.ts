import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChdbServer } from '@burstlet/chdb-server/start'
import type { Signal } from '@burstlet/testkit/captures'
import { askEngine } from './ask-engine.ts'
import { startFront } from './front.ts'
import type { StoringSubject } from './subject.ts'

const configuration = fileURLToPath(new URL('../collector/collector.yaml', import.meta.url))

/** The exporter's tables of a signal. */
const tables: Record<Signal, readonly string[]> = {
  traces: ['otel_traces'],
  logs: ['otel_logs'],
  metrics: ['otel_metrics_gauge', 'otel_metrics_sum', 'otel_metrics_histogram'],
}

/**
 * The OpenTelemetry Collector with its ClickHouse exporter, before the same embedded engine or before a sink.
 * @param program path of the Collector
 */
export async function startCollector(program: string, into: 'engine' | 'sink'): Promise<StoringSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'burstlet-bench-'))
  const engine = await startChdbServer({ dataDirectory: folder })
  const front = await startFront(engine, into === 'sink' ? 'discarded' : 'kept')
  const [http, grpc] = [await freePort(), await freePort()]
  const url = new URL(front.url)
  url.username = engine.writer.username
  url.password = engine.writer.password
  const child = spawn(program, ['--config', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      BENCH_OTLP_HTTP_PORT: String(http),
      BENCH_OTLP_GRPC_PORT: String(grpc),
      BENCH_CLICKHOUSE_URL: url.href.replace(/\/$/, ''),
    },
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-10_000)
  })
  const exited = once(child, 'exit')
  const otlpHttp = `http://127.0.0.1:${http}`
  await answers(otlpHttp, () => {
    if (child.exitCode !== null) throw new Error(`the Collector ended with ${child.exitCode}:\n${log}`)
  })
  const rows = async (signal: Signal) => {
    const query = `SELECT ${tables[signal].map((table) => `(SELECT count() FROM otel.${table})`).join(' + ')}`
    return Number(await askEngine(engine, query))
  }
  return {
    otlpHttp,
    processes: { collector: child.pid ?? 0, ...(into === 'engine' && { engine: engine.pid }) },
    ask: (sql) => askEngine(engine, sql),
    async stored(signal, items) {
      // What a sink took cannot be counted: the Collector is quiet when it has sent all.
      if (into === 'sink') return
      for (const deadline = Date.now() + 300_000; (await rows(signal)) < items; await sleep(100)) {
        if (Date.now() > deadline) throw new Error(`${await rows(signal)} of ${items} rows came:\n${log}`)
      }
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
      await front.stop()
      await engine.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string, check: () => void): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; await sleep(50)) {
    check()
    if (await fetch(url).then(Boolean, () => false)) return
    if (Date.now() > deadline) throw new Error(`${url} does not answer`)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
