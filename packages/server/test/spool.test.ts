import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { type Block, decodeRequest } from '@burstlet/otlp/decode'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Receiver } from '../src/ingest/receiver.ts'
import { lettersFor } from '../src/ingest/spool/dead-letters.ts'
import { OpenGeneration } from '../src/ingest/spool/generation.ts'
import { generationPath } from '../src/ingest/spool/layout.ts'
import { startedEngine } from './engine-and-api.ts'
import type { TestEngine } from './test-engine.ts'

const started = startedEngine()
let root: string
let receivers: Receiver[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
})
afterEach(async () => {
  for (const receiver of receivers) await receiver.spool.stop()
  receivers = []
  rmSync(root, { recursive: true, force: true })
})

function open(options: { capBytes?: number; connection?: TestEngine['connection'] } = {}): Receiver {
  const receiver = new Receiver({
    root,
    connection: options.connection ?? started.engine.connection,
    log: pino({ level: 'silent' }),
    maxBodyBytes: 10_000_000,
    workers: 1,
    capBytes: options.capBytes ?? 1_000_000_000,
    insertIntervalMs: 20,
  })
  receivers.push(receiver)
  return receiver
}

/** A request of one span of this service. */
function spanOf(service: string, padding = ''): Buffer {
  const hex = (bytes: number) =>
    Buffer.from(Array.from({ length: bytes }, () => 1 + Math.random() * 255)).toString('hex')
  const now = BigInt(Date.now()) * 1_000_000n
  const span = {
    traceId: hex(16),
    spanId: hex(8),
    name: `work ${padding}`,
    kind: 2,
    startTimeUnixNano: String(now),
    endTimeUnixNano: String(now + 1000n),
  }
  const attributes = [{ key: 'service.name', value: { stringValue: service } }]
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] }))
}

const deliver = (receiver: Receiver, body: Buffer, space = 'default') =>
  // The receiver takes the bytes away.
  receiver.receive({
    space,
    signal: 'traces',
    encoding: 'json',
    compression: 'identity',
    body: Buffer.from(body),
    key: 'none',
  })

function blocksOf(service: string): readonly Block[] {
  const context = { space: 'default', receivedNanos: BigInt(Date.now()) * 1_000_000n, announced: new AnnouncedRows() }
  return decodeRequest('traces', 'json', spanOf(service), context).blocks.map(copyOf)
}

/** A block's bytes hold until the next request is decoded; what a test keeps longer is a copy. */
const copyOf = (block: Block): Block => ({ ...block, bytes: Uint8Array.from(block.bytes) })

/** Spans of a service in the table, and in the rollup by minute. */
async function count(service: string): Promise<{ raw: number; rollup: number }> {
  const one = async (sql: string) =>
    Number((await started.engine.everything.query<{ n: string }>({ sql, params: { service } }))[0]?.n)
  return {
    raw: await one('SELECT count() AS n FROM spans WHERE service = {service:String}'),
    rollup: await one('SELECT sum(count) AS n FROM red_service_1m WHERE service = {service:String}'),
  }
}

function change(path: string, how: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path)
  how(bytes)
  writeFileSync(path, bytes)
}

async function settled(receiver: Receiver): Promise<void> {
  while (receiver.spool.status().depth.bytes > 0) await sleep(10)
}

it('brings what it acknowledged into the tables, and leaves only the journal behind', async () => {
  const receiver = open()
  expect(await deliver(receiver, spanOf('calm'))).toMatchObject({ rejected: 0, message: '' })
  await settled(receiver)
  expect(await count('calm')).toEqual({ raw: 1, rollup: 1 })
  const [generation = ''] = readdirSync(join(root, '0'))
  expect(readdirSync(join(root, '0', generation))).toEqual(['journal'])
})

it('stores a body once, also when it comes again after a restart', async () => {
  const body = spanOf('repeated')
  const first = open()
  await Promise.all([deliver(first, body), deliver(first, body)])
  await deliver(first, body)
  await first.spool.stop()
  const second = open()
  await deliver(second, body)
  await settled(second)
  expect(await count('repeated')).toEqual({ raw: 1, rollup: 1 })
})

it('stores each request in its own space, though they share a commit, a segment and their bytes', async () => {
  const body = spanOf('shared')
  const first = open()
  await Promise.all(['a', 'b', 'a', 'c'].map((space) => deliver(first, body, space)))
  await first.spool.stop()
  const second = open()
  await Promise.all([deliver(second, body, 'b'), deliver(second, body, 'd')])
  await settled(second)
  const sql = `SELECT space, toUInt32(count()) AS spans FROM spans WHERE service = 'shared' GROUP BY space ORDER BY space`
  expect(await started.engine.everything.query({ sql })).toEqual(
    ['a', 'b', 'c', 'd'].map((space) => ({ space, spans: 1 })),
  )
  const totals = (receiver: Receiver, space: string) =>
    receiver.counters.snapshot(space).totals.map(({ requests, repeated, accepted }) => [requests, repeated, accepted])
  expect(['a', 'b', 'c', 'd'].map((space) => totals(first, space))).toEqual([[[2, 1, 1]], [[1, 0, 1]], [[1, 0, 1]], []])
  expect(['b', 'd'].map((space) => totals(second, space))).toEqual([[[1, 1, 0]], [[1, 0, 1]]])
})

it('costs a request that cannot be read itself alone', async () => {
  const receiver = open()
  const answers = await Promise.allSettled([
    deliver(receiver, spanOf('mixed')),
    deliver(receiver, Buffer.from('{"resourceSpans": 3')),
    deliver(receiver, spanOf('mixed')),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(answers[1]).toMatchObject({ reason: { httpStatus: 400 } })
  await settled(receiver)
  expect((await count('mixed')).raw).toBe(2)
})

it('inserts under the same token what it inserted before a crash', async () => {
  const generation = new OpenGeneration(root, 0, 7)
  await generation.commit(blocksOf('replayed'), [], ['default'])
  cpSync(join(root, '0'), join(root, 'copy'), { recursive: true })
  const first = open()
  await settled(first)
  await first.spool.stop()
  // As if the engine had had the rows, and the crash had come before the files were removed.
  rmSync(join(root, '0'), { recursive: true })
  cpSync(join(root, 'copy'), join(root, '0'), { recursive: true })
  await settled(open())
  expect(await count('replayed')).toEqual({ raw: 1, rollup: 1 })
})

it('cuts a commit that did not come through whole, in all files', async () => {
  const generation = new OpenGeneration(root, 0, 7)
  await generation.commit(blocksOf('torn'), [], ['default'])
  const before = generation.bytes
  await generation.commit(blocksOf('torn'), [], ['default'])
  const { segments } = generation.seal()
  expect(generation.bytes).toBeGreaterThan(before)
  const spans = segments.find(({ table }) => table === 'spans')
  truncateSync(join(generationPath(root, 0, 7), 'spans.native'), (spans?.bytes ?? 0) - 3)
  await settled(open())
  expect(await count('torn')).toEqual({ raw: 1, rollup: 1 })
})

it('cuts a journal that ends in half a line', async () => {
  const generation = new OpenGeneration(root, 0, 7)
  await generation.commit(blocksOf('halved'), [], ['default'])
  await generation.commit(blocksOf('halved'), [], ['default'])
  const journal = join(generationPath(root, 0, 7), 'journal')
  truncateSync(journal, readFileSync(journal).length - 5)
  await settled(open())
  expect((await count('halved')).raw).toBe(1)
})

it('sets a damaged piece aside and inserts the rest', async () => {
  const generation = new OpenGeneration(root, 0, 7)
  for (let i = 0; i < 3; i++) await generation.commit(blocksOf('flipped'), [], ['default'])
  const path = join(generationPath(root, 0, 7), 'spans.native')
  const bytes = readFileSync(path)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 4
  writeFileSync(path, bytes)
  const receiver = open()
  await settled(receiver)
  expect(await count('flipped')).toEqual({ raw: 2, rollup: 2 })
  const [damaged, ...others] = await lettersFor('default', await receiver.spool.refused.all())
  expect(others).toEqual([])
  expect(damaged).toMatchObject({ table: 'spans', rows: 1, error: expect.stringContaining('Damaged on disk') })
  expect(await receiver.spool.dropRefused(damaged?.id ?? '', 'default')).toBe('dropped')
  expect(await lettersFor('default', await receiver.spool.refused.all())).toEqual([])
})

it('brings in what lies under a journal record that is damaged', async () => {
  const flipped = new OpenGeneration(root, 0, 7)
  await flipped.commit(blocksOf('bit'), [], ['default'])
  change(join(generationPath(root, 0, 7), 'journal'), (bytes) => {
    bytes[20] = (bytes[20] ?? 0) ^ 8
  })
  const overwritten = new OpenGeneration(root, 0, 8)
  for (let i = 0; i < 3; i++) await overwritten.commit(blocksOf('record'), [], ['default'])
  change(join(generationPath(root, 0, 8), 'journal'), (bytes) => bytes.fill('~', 20, 30))
  const receiver = open()
  await settled(receiver)
  expect(await count('bit')).toEqual({ raw: 1, rollup: 1 })
  expect(await count('record')).toEqual({ raw: 3, rollup: 3 })
  expect(await lettersFor('default', await receiver.spool.refused.all())).toEqual([])
})

it('keeps for a person what a damaged last record may have acknowledged', async () => {
  const generation = new OpenGeneration(root, 0, 7)
  await generation.commit(blocksOf('unsure'), [], ['default'])
  change(join(generationPath(root, 0, 7), 'journal'), (bytes) => bytes.fill('~', 20, 30))
  const receiver = open()
  await settled(receiver)
  expect(await count('unsure')).toEqual({ raw: 0, rollup: 0 })
  for (const { id, error } of await lettersFor('default', await receiver.spool.refused.all())) {
    expect(error).toContain('last record')
    expect(await receiver.spool.retryRefused(id, 'default')).toBe('inserted')
  }
  expect(await count('unsure')).toEqual({ raw: 1, rollup: 1 })
})

it('sets aside what the engine refuses, goes on, and can send it again', async () => {
  const refused = new OpenGeneration(root, 0, 7)
  const [block] = blocksOf('refused').filter(({ table }) => table === 'spans')
  if (!block) throw new Error('no spans')
  const unknownColumn = Uint8Array.from(block.bytes)
  unknownColumn.fill('x'.charCodeAt(0), 3, 5)
  await refused.commit([{ ...block, bytes: unknownColumn }], [], ['default'])
  const after = new OpenGeneration(root, 0, 8)
  await after.commit(blocksOf('behind'), [], ['default'])
  const receiver = open()
  await settled(receiver)
  expect((await count('behind')).raw).toBe(1)
  const [segment] = await lettersFor('default', await receiver.spool.refused.all())
  expect(segment).toMatchObject({ table: 'spans', rows: 1 })
  const id = segment?.id ?? ''
  expect(await receiver.spool.retryRefused(id, 'default')).toMatchObject({ error: expect.stringMatching(/./) })
  expect(await lettersFor('default', await receiver.spool.refused.all())).toHaveLength(1)
  writeFileSync(join(root, receiver.spool.refused.dataOf(id)), block.bytes)
  expect(await receiver.spool.retryRefused(id, 'default')).toBe('inserted')
  expect(await count('refused')).toEqual({ raw: 1, rollup: 1 })
  expect(await receiver.spool.retryRefused(id, 'default')).toBe('unknown')
})

it('tells each space of refused rows of its own only, and lets none give up those of others', async () => {
  const refuse = async (generation: number, spaces: string[]) => {
    const [block] = blocksOf('refused').filter(({ table }) => table === 'spans')
    const unknownColumn = Uint8Array.from(block!.bytes)
    unknownColumn.fill('x'.charCodeAt(0), 3, 5)
    const open = new OpenGeneration(root, 0, generation)
    await open.commit([{ ...block!, bytes: unknownColumn }], [], spaces)
  }
  await refuse(7, ['a'])
  await refuse(8, ['a', 'b'])
  const { spool } = open()
  while (spool.status().depth.bytes > 0) await sleep(10)
  const [own, shared] = await lettersFor('a', await spool.refused.all())
  expect(own).toMatchObject({ spaces: ['a'], error: expect.stringContaining('xxace') })
  expect(shared?.error).not.toContain('xxace')
  expect(await lettersFor('b', await spool.refused.all())).toEqual([shared])
  expect(await lettersFor('default', await spool.refused.all())).toEqual([])
  expect(await spool.retryRefused(own!.id, 'b')).toBe('unknown')
  expect(await spool.dropRefused(own!.id, 'b')).toBe('unknown')
  expect(await spool.retryRefused(shared!.id, 'b')).toEqual({ error: shared!.error })
  expect(await spool.dropRefused(shared!.id, 'b')).toBe('shared')
  expect(await spool.dropRefused(own!.id, 'a')).toBe('dropped')
})

it('tells of a segment that is gone, and goes on', async () => {
  const gone = new OpenGeneration(root, 0, 7)
  await gone.commit(blocksOf('gone'), [], ['default'])
  gone.seal()
  const after = new OpenGeneration(root, 0, 8)
  await after.commit(blocksOf('after the gone'), [], ['default'])
  const endpoint = started.engine.connection.endpoint
  await started.engine.connection.drop()
  const receiver = open()
  rmSync(join(generationPath(root, 0, 7), 'spans.native'))
  await started.engine.connection.use(endpoint)
  await settled(receiver)
  expect(await count('gone')).toEqual({ raw: 0, rollup: 0 })
  expect(await count('after the gone')).toEqual({ raw: 1, rollup: 1 })
  const [lost] = await lettersFor('default', await receiver.spool.refused.all())
  expect(lost).toMatchObject({ table: 'spans', rows: 1, bytes: 0, error: expect.stringContaining('is gone') })
  const id = lost?.id ?? ''
  expect(await receiver.spool.retryRefused(id, 'default')).toMatchObject({ error: expect.stringContaining('is gone') })
  expect(await receiver.spool.dropRefused(id, 'default')).toBe('dropped')
})

it('keeps taking while the engine is away, up to its cap, and brings all of it in afterwards', async () => {
  const endpoint = started.engine.connection.endpoint
  const receiver = open({ capBytes: 200_000 })
  await started.engine.connection.drop()
  let stored = 0
  let error: unknown
  for (let i = 0; i < 1000 && error === undefined; i++) {
    await deliver(receiver, spanOf('outage', 'x'.repeat(2000))).then(
      () => stored++,
      (reason: unknown) => {
        error = reason
      },
    )
  }
  expect(error).toMatchObject({ httpStatus: 503, retryAfter: 1 })
  expect(stored).toBeGreaterThan(20)
  await started.engine.connection.use(endpoint)
  await settled(receiver)
  expect(await count('outage')).toEqual({ raw: stored, rollup: stored })
  await deliver(receiver, spanOf('after'))
  await settled(receiver)
  expect((await count('after')).raw).toBe(1)
  expect(existsSync(join(root, 'refused'))).toBe(true)
})
