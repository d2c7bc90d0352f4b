import { setTimeout as sleep } from 'node:timers/promises'
import { openStore, type Store } from '../store.ts'
import { copyLogs, copySpans, exporterSchema } from './exporter.ts'
import { insertLogs, logRows, logTables } from './logs.ts'
import { type Manifest, readManifest, writeManifest } from './manifest.ts'
import { measureSamples } from './measure-samples.ts'
import { insertSenders } from './resources.ts'
import { bytesOf } from './sizes.ts'
import { insertSpans, shapeRows, shapeTable, spansPerTrace } from './spans.ts'
import type { Piece } from './statements.ts'

const day = 86_400
/** Rows of one INSERT, which is some parts then. */
const rowsAtOnce = 1_000_000
/** Bytes that the engine may take meanwhile: each thread of an INSERT holds the rows of a part. */
const maxMemory = 6_000_000_000

export interface Wanted {
  readonly spans: number
  readonly logs: number
  readonly samples: number
  /** Over how much time they are spread. */
  readonly days: number
  /** Whether the exporter's tables get them too; samples are compared only. */
  readonly rival: boolean
}

type Tell = (line: string) => void

/**
 * Fills a folder with a week of spans, logs and samples, in our tables and in the exporter's, with all that is derived from
 * them. Goes on where an earlier run was cut short, with the piece that it was at (of which some rows may be there already); a
 * folder that is complete is left as it is.
 */
export async function makeData(folder: string, wanted: Wanted, tell: Tell): Promise<Manifest> {
  const found = readManifest(folder)
  if (found?.made['done'] === 1 || (found?.made['ours'] === 1 && !wanted.rival)) return found
  const store = await openStore(folder, maxMemory)
  try {
    // It has made the tables. Its scheduler would compute each hour anew with every piece.
    await store.stopServer()
    const data = found ?? (await begin(store, wanted))
    const pieces = new Pieces(store, data, tell)
    const traces = { of: data.traces, atOnce: Math.round(rowsAtOnce / spansPerTrace), rowsEach: spansPerTrace }
    await prepare(store, data)
    await letMerge(store, 'STOP', [...filled.ours, ...filled.theirs])
    await pieces.insert('spans', traces, (piece) => insertSpans(piece, data.week))
    const logs = { of: data.logs, atOnce: rowsAtOnce, rowsEach: 1 }
    await pieces.insert('logs', logs, (piece) => insertLogs(piece, data.week, data.traces))
    await letMerge(store, 'START', filled.ours)
    await store.startServer()
    await rollupsComputed(store, tell)
    await store.stopServer()
    if (data.made['ours'] !== 1) {
      data.bytes = await bytesOf(store, data, 'ours', tell)
      data.made['ours'] = 1
      writeManifest(folder, data)
    }
    if (!wanted.rival) return data
    await pieces.insert('spans, theirs', hours(data.spans), (piece) => copySpans(window(data, piece)))
    await pieces.insert('logs, theirs', hours(data.logs), (piece) => copyLogs(window(data, piece)))
    await letMerge(store, 'START', filled.theirs)
    if (data.made['samples'] !== 1) {
      const ofSamples = wanted.samples > 0 ? await measureSamples(store, data.week, wanted.samples, tell) : []
      writeManifest(folder, Object.assign(data, { bytes: ofSamples, made: { ...data.made, samples: 1 } }))
    }
    data.bytes.unshift(...(await bytesOf(store, data, 'both', tell)))
    data.made['done'] = 1
    writeManifest(folder, data)
    return data
  } finally {
    await store.stop()
  }
}

/** Tables that pieces are inserted into. Merged when all of them are there, each row is merged once and not five times. */
const filled = {
  ours: ['burstlet.spans', 'burstlet.trace_index', 'burstlet.logs'],
  theirs: ['otel.otel_traces', 'otel.otel_traces_trace_id_ts', 'otel.otel_logs'],
}

async function letMerge(store: Store, order: 'STOP' | 'START', tables: readonly string[]): Promise<void> {
  for (const table of tables) await store.ask(`SYSTEM ${order} MERGES ${table}`)
}

async function begin(store: Store, wanted: Wanted): Promise<Manifest> {
  const to = Math.floor(Date.now() / 60_000) * 60
  const week = { from: to - wanted.days * day, to }
  for (const statement of [...exporterSchema(), ...insertSenders(daysOf(week))]) await store.ask(statement)
  const traces = Math.round(wanted.spans / spansPerTrace)
  return { spans: wanted.spans, logs: wanted.logs, traces, week, made: {}, bytes: [], speed: {} }
}

export const daysOf = ({ from, to }: Manifest['week']) =>
  Array.from({ length: Math.ceil((to + 60 - from) / day) + 1 }, (_, index) => from + index * day).filter(
    (at) => at < to + day,
  )

/** The tables that the rows are joined from are in memory, so they are made at every start. */
async function prepare(store: Store, data: Manifest): Promise<void> {
  for (const statement of [shapeTable, ...logTables]) await store.ask(statement)
  for (const table of ['shapes', 'templates', 'words']) await store.ask(`TRUNCATE TABLE bench.${table}`)
  for (const statement of [shapeRows(), ...logRows(data.logs)]) await store.ask(statement)
}

/** Steps of time with about as many rows as an INSERT takes. */
function hours(rows: number) {
  const steps = Math.max(1, Math.ceil(rows / rowsAtOnce))
  return { of: steps, atOnce: 1, rowsEach: rows / steps }
}

/** Times of receipt: a little later than the times of the rows. */
function window({ week }: Manifest, { first, count, of }: Piece): { from: number; to: number } {
  const at = (step: number) => week.from + Math.floor((step * (week.to + 600 - week.from)) / of)
  return { from: at(first), to: at(first + count) }
}

class Pieces {
  readonly #store: Store
  readonly #data: Manifest
  readonly #tell: Tell

  constructor(store: Store, data: Manifest, tell: Tell) {
    this.#store = store
    this.#data = data
    this.#tell = tell
  }

  async insert(
    name: string,
    size: { of: number; atOnce: number; rowsEach: number },
    statement: (piece: Piece) => string,
  ) {
    const { made, speed } = this.#data
    const started = performance.now()
    const before = made[name] ?? 0
    for (let first = before; first < size.of; first = made[name]!) {
      const count = Math.min(size.atOnce, size.of - first)
      await this.#store.ask(`${statement({ first, count, of: size.of })}\nSETTINGS max_insert_threads = 2`)
      made[name] = first + count
      speed[name] = Math.round(((made[name] - before) * size.rowsEach * 1000) / (performance.now() - started))
      writeManifest(this.#store.folder, this.#data)
      const rows = Math.round(made[name] * size.rowsEach).toLocaleString('en')
      this.#tell(
        `${name}: ${rows} of ${Math.round(size.of * size.rowsEach).toLocaleString('en')}, ${speed[name].toLocaleString('en')}/s`,
      )
    }
  }
}

/** Rollups, and the seconds of their windows. */
const rollups = { edges_1m: 60, edges_1h: 3600, activity_1m: 60, activity_1h: 3600, red_10m: 600, red_1h: 3600 }

/** How many windows of each the scheduler has not computed yet. */
const missing = `SELECT ${Object.entries(rollups)
  .map(
    ([
      name,
      seconds,
    ]) => `(SELECT uniqExact(intDiv(toUnixTimestamp64Second(minute), ${seconds})) FROM burstlet.span_arrivals)
  - (SELECT uniqExact(window_start) FROM burstlet.rollup_windows WHERE rollup = '${name}')`,
  )
  .join(', ')}`

async function rollupsComputed(store: Store, tell: Tell): Promise<void> {
  for (;;) {
    const left = (await store.ask(missing)).trim().split('\t').map(Number)
    // The newest hour may not be over.
    if (left.every((count) => count <= 1)) return
    tell(
      `windows to be computed: ${Object.keys(rollups)
        .map((name, index) => `${name} ${left[index]}`)
        .join(', ')}`,
    )
    await sleep(5000)
  }
}
