// `npm run bench -- queries`: how fast questions are answered over a week of spans, logs and samples, and what an item takes
// on disk, beside the exporter's default schema with the same rows in the same engine.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { prepareLoad } from '../load/start.ts'
import { markdownOf } from '../report.ts'
import { type Question, questions } from './ask/questions.ts'
import { countReads, type Read } from './ask/reads.ts'
import { subjectsOf } from './ask/subjects.ts'
import { type Timed, timeQuestions } from './ask/timing.ts'
import { makeData } from './data/make.ts'
import type { Manifest } from './data/manifest.ts'
import { byteRows, ingestRows, missesOf, questionRows } from './report-queries.ts'
import { openStore, type Store } from './store.ts'

/** Bytes on disk that a row takes at most, ours and theirs together, spans and logs; and as much again while parts are merged. */
const bytesOfRow = 420
const spansInRequest = 512
const warmUpRounds = 2

/** Prints the tables of `docs/performance.md`. */
export async function queries(args: string[]): Promise<void> {
  const whole = z.coerce.number().int()
  const options = z
    .object({
      rows: whole.positive(),
      samples: whole.min(0),
      days: z.coerce.number().positive().max(28),
      rounds: whole.min(5),
      data: z.string().optional(),
      only: z.string(),
      rival: z.boolean(),
      ingest: whole.positive().optional(),
      'make-only': z.boolean(),
    })
    .parse(
      parseArgs({
        args,
        allowNegative: true,
        options: {
          rows: { type: 'string', default: '10000000' },
          samples: { type: 'string', default: '5000000' },
          days: { type: 'string', default: '7' },
          rounds: { type: 'string', default: '20' },
          data: { type: 'string' },
          only: { type: 'string', default: '' },
          rival: { type: 'boolean', default: true },
          ingest: { type: 'string' },
          'make-only': { type: 'boolean', default: false },
        },
      }).values,
    )
  const tell = (line: string) => process.stderr.write(`▸ ${line}\n`)
  const folder = options.data ?? (await mkdtemp(join(tmpdir(), 'burstlet-bench-')))
  try {
    tell(`${folder} will hold up to ${((options.rows * bytesOfRow) / 1e9).toFixed(1)} GB`)
    const { rows, samples, days, rival } = options
    const data = await makeData(folder, { spans: rows, logs: rows, samples, days, rival }, tell)
    print(byteRows(data.bytes), captionOf(data))
    if (options['make-only']) return
    const store = await openStore(folder)
    try {
      const asked = questions.filter(({ name }) => name.includes(options.only))
      await ask(store, data, asked, options, tell)
    } finally {
      await store.stop()
    }
  } finally {
    if (options.data === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function ask(
  store: Store,
  data: Manifest,
  asked: readonly Question[],
  { rounds, rival, ingest }: { rounds: number; rival: boolean; ingest?: number | undefined },
  tell: (line: string) => void,
): Promise<void> {
  const subjects = async (count: number, seed: number) => subjectsOf(data, count, store.ask, seed)
  await timeQuestions(store, asked, await subjects(warmUpRounds, 1), { rival, tell })
  const timed = await timeQuestions(store, asked, await subjects(rounds, 2), { rival, tell })
  const busy =
    ingest === undefined ? undefined : await whileSpansComeIn(store, asked, await subjects(rounds, 3), ingest, tell)
  const [subject] = await subjects(1, 4)
  const reads = await countReads(store, asked, subject!, rival)
  print(questionRows(timed, reads), `Milliseconds over HTTP, ${rounds} askings of each, ours and theirs in turns.`)
  if (busy) print(ingestRows(timed, busy), `${ingest?.toLocaleString('en')} spans a second.`)
  for (const one of timed) if (missesOf(one.question, one.ours, one.theirs).length > 0) printProfile(one, reads)
}

async function whileSpansComeIn(
  store: Store,
  asked: readonly Question[],
  subjects: Parameters<typeof timeQuestions>[2],
  rate: number,
  tell: (line: string) => void,
): Promise<Timed[]> {
  const ended = new AbortController()
  const load = await prepareLoad({
    address: store.server.otlpHttp,
    signal: 'traces',
    items: spansInRequest,
    connections: 4,
    gzip: false,
    rate: rate / spansInRequest,
    seconds: 3600,
    stop: ended.signal,
  })
  const sent = load.run()
  tell(`${rate} spans a second come in`)
  const timed = await timeQuestions(store, asked, subjects, { rival: false, tell })
  ended.abort()
  const { requests, seconds, refused } = await sent
  tell(`${Math.round((requests * spansInRequest) / seconds)} spans a second were taken, ${refused} requests refused`)
  return timed
}

function captionOf({ spans, logs, week, speed }: Manifest): string {
  const days = (week.to - week.from) / 86_400
  const speeds = Object.entries(speed).map(([name, rate]) => `${name} ${rate.toLocaleString('en')}/s`)
  return `${spans.toLocaleString('en')} spans and ${logs.toLocaleString('en')} logs of ${days.toFixed(1)} days, made at: ${speeds.join(', ')}.`
}

function printProfile({ question: { name } }: Timed, reads: ReadonlyMap<string, Read>): void {
  const statements = reads.get(name)?.statements ?? []
  const lines = statements.map(
    ({ ms, rows, bytes, sql }) =>
      `  ${ms.toFixed(0).padStart(6)} ms ${rows.toLocaleString('en').padStart(12)} rows ${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${sql.trim().replaceAll(/\s+/g, ' ').slice(0, 160)}`,
  )
  process.stdout.write(`${name}, statement by statement:\n${lines.join('\n')}\n\n`)
}

function print(rows: readonly Record<string, string>[], caption: string): void {
  process.stdout.write(`${markdownOf(rows)}\n${caption}\n\n`)
}
