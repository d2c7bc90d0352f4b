import { setImmediate as immediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { AttributeLimits } from '@burstlet/otlp/attribute-limits'
import { RecordIds } from '@burstlet/otlp/record-ids'
import { SeriesLimits } from '@burstlet/otlp/series-limits'
import { inflationLimit } from '../bodies/inflation-limit.ts'
import { type IngestError, overloaded } from '../bodies/ingest-error.ts'
import { type Batch, BatchError, decodeTogether, maxBatchMs } from './decode-together.ts'
import { OpenGeneration } from './generation.ts'
import { Turns } from './turns.ts'
import type { Answer, Failure, FromWorker, ToWorker, WorkerOptions, WorkerRequest } from './worker-messages.ts'

/** A group commit takes what waits, up to this many bytes as sent: it bounds memory, and the wait of the first in it. */
const maxBatchBytes = 8 * 1024 * 1024
/** An insert of more rows than about a million would be split into parts; more bytes would strain the engine's memory. */
const maxRows = 500_000
const maxBytes = 192 * 1024 * 1024
/** What reading a byte of content takes at most; telemetry as it is takes a twentieth. */
const maxMsOfByte = 25e-6
/** What comes after a quiet time is sealed this soon, and so is visible at once. */
const gatherMs = 20

const options = workerData as WorkerOptions
const port = parentPort
if (!port) throw new Error('a worker runs as a worker thread')
const tell = (message: FromWorker) => port.postMessage(message)

const context = {
  announced: new AnnouncedRows(),
  limits: new SeriesLimits(options.limits?.series),
  attributeLimits: new AttributeLimits(options.limits?.attributes),
  recordIds: new RecordIds(options.recordIds),
}
const waiting: WorkerRequest[] = []
const turns = new Turns(worstCost)
let running = false
/** Whether messages were heard since the last batch was taken: they are while the disk is waited for. */
let hasListened = false
let due = false
let stopping = false
let number = options.generation
let open: OpenGeneration | undefined
let sealTimer: NodeJS.Timeout | undefined
let sealedAt = 0

port.on('message', (message: ToWorker) => {
  if (message.kind === 'request') {
    turns.arrived(message)
    waiting.push(message)
  }
  if (message.kind === 'stop') stopping = true
  if (running) return
  running = true
  // After what else has arrived by now: it shares the commit.
  setImmediate(run)
})

async function run(): Promise<void> {
  while (waiting.length > 0) {
    hasListened = false
    await store(takeBatch())
    // Whoever has come meanwhile is heard before it is decided whose turn it is.
    if (!hasListened) await immediate()
    if (open && (due || open.bytes > maxBytes || open.rows > maxRows)) seal()
  }
  running = false
  if (!stopping) return
  seal()
  port?.close()
}

/** Milliseconds that a request may take at most, as far as its size says. */
function worstCost({ body, compression }: WorkerRequest): number {
  const content = compression === 'identity' ? body.length : inflationLimit(body.length, options.maxBodyBytes)
  return content * maxMsOfByte
}

function takeBatch(): WorkerRequest[] {
  turns.sort(waiting)
  let bytes = 0
  let cost = 0
  let count = 0
  for (const request of waiting) {
    bytes += request.body.length
    cost += turns.expectedCost(request)
    if (count > 0 && (bytes > maxBatchBytes || cost > maxBatchMs)) break
    count++
  }
  return waiting.splice(0, count)
}

/** One group commit: decode, write, sync, and only then answer. */
async function store(requests: readonly WorkerRequest[]): Promise<void> {
  let batch: Batch
  try {
    batch = decodeTogether(requests, context, options.maxBodyBytes, (request, spent) => turns.charge(request, spent))
  } catch (error) {
    if (!(error instanceof BatchError)) throw error
    return await storeWithout(requests, error)
  }
  waiting.unshift(...requests.slice(batch.decoded.length))
  try {
    if (batch.blocks.length > 0) await commit(batch)
  } catch (error) {
    const failed = batch.decoded.map(({ request }) => request)
    return fail(failed, Object.assign(overloaded('The server cannot write; send again later.'), { cause: error }))
  }
  context.announced.confirm(batch.announces)
  context.limits.confirm()
  answer(batch.decoded.map(({ request, result }) => ({ id: request.id, stored: result })))
}

/** Stores what was read before the request that could not be; those behind it wait for their turn again. */
async function storeWithout(requests: readonly WorkerRequest[], { index, cause }: BatchError): Promise<void> {
  if (requests.length === 1) return fail(requests, cause)
  if (index === undefined) {
    // Each can be read, all together cannot: a fault of the server, which none of them should suffer.
    for (const request of requests) await store([request])
    return
  }
  waiting.unshift(...requests.slice(index + 1))
  const broken = requests.slice(index, index + 1)
  if (cause.httpStatus < 500) fail(broken, cause)
  if (index > 0) await store(requests.slice(0, index))
  // It may be that only all together are too much.
  if (cause.httpStatus >= 500) await store(broken)
}

async function commit({ blocks, decoded }: Batch): Promise<void> {
  open ??= new OpenGeneration(options.root, options.worker, number++)
  sealTimer ??= setTimeout(whenDue, Math.max(gatherMs, sealedAt + options.sealAfterMs - Date.now()))
  await open.commit(
    blocks,
    decoded
      .filter(({ result }) => !result.untimed)
      .map(({ request, result: { rejected, message } }) => ({ key: request.fingerprint, rejected, message })),
    [...new Set(decoded.map(({ request }) => request.space))],
  )
  hasListened = true
}

function fail(requests: readonly WorkerRequest[], error: IngestError): void {
  const failure = failureOf(error)
  answer(requests.map(({ id }) => ({ id, failure })))
}

function answer(answers: readonly Answer[]): void {
  if (answers.length > 0) tell({ kind: 'answers', answers, openBytes: open?.bytes ?? 0 })
}

/** Between two commits, never during one. */
function whenDue(): void {
  sealTimer = undefined
  due = true
  if (!running) seal()
}

function seal(): void {
  clearTimeout(sealTimer)
  sealTimer = undefined
  due = false
  if (!open) return
  sealedAt = Date.now()
  const sealed = open.seal()
  open = undefined
  tell({ kind: 'sealed', generation: sealed })
}

function failureOf({ httpStatus, grpcStatus, message, retryAfter, cause }: IngestError): Failure {
  const fault = cause instanceof Error ? (cause.stack ?? cause.message) : cause
  return { httpStatus, grpcStatus, message, retryAfter, cause: fault === undefined ? undefined : String(fault) }
}
