import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { OpenGeneration } from './generation.ts'
import { generationPath, journalName, type SealedGeneration } from './layout.ts'
import { recoverGeneration } from './recover.ts'

let root: string
let written: SealedGeneration
let journal: Buffer

const pathOf = (name: string) => join(generationPath(root, 0, 7), name)
/** As Native begins: one column, and so many rows. */
const block = (table: 'spans' | 'logs', rows: number, fill: number) => ({
  table,
  rows,
  bytes: Buffer.concat([Buffer.of(1, rows), Buffer.alloc(40 + 7 * fill, fill)]),
})

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  const generation = new OpenGeneration(root, 0, 7)
  for (const fill of [1, 2, 3]) {
    const bodies = [{ key: `body ${fill}`, rejected: 0, message: '' }]
    const blocks = [block('spans', fill, fill), ...(fill === 2 ? [] : [block('logs', 10 * fill, fill)])]
    await generation.commit(blocks, bodies, ['default'])
  }
  written = generation.seal()
  journal = readFileSync(pathOf(journalName))
  cpSync(root, `${root}-kept`, { recursive: true })
})
afterEach(() => {
  for (const path of [root, `${root}-kept`]) rmSync(path, { recursive: true, force: true })
})

/** What is found when the journal is this, in files as they were written. */
function recoveredWith(bytes: Buffer) {
  rmSync(root, { recursive: true })
  cpSync(`${root}-kept`, root, { recursive: true })
  writeFileSync(pathOf(journalName), bytes)
  return recoverGeneration(root, 0, 7)
}

const sizes = ({ segments }: SealedGeneration) =>
  Object.fromEntries(segments.map(({ table, bytes, rows }) => [table, { bytes, rows }]))

const bytesOf = ({ segments }: SealedGeneration) =>
  Object.fromEntries(segments.map(({ table, bytes }) => [table, bytes]))

it('mends a journal with one flipped bit, wherever that is', () => {
  for (let bit = 0; bit < journal.length * 8; bit += 29) {
    const flipped = Buffer.from(journal)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const { commits, mendedRecords, unreadableRecords, sealed } = recoveredWith(flipped)
    expect(commits.flatMap(({ bodies }) => bodies.map(({ key }) => key))).toEqual(['body 1', 'body 2', 'body 3'])
    expect({ mendedRecords, unreadableRecords }, `bit ${bit}`).toEqual({ mendedRecords: 1, unreadableRecords: 0 })
    expect(sealed.segments.flatMap(({ damages }) => damages)).toEqual([])
    expect(sizes(sealed)).toEqual(sizes(written))
  }
})

it('names the blocks whose record cannot be read, and keeps those around them', () => {
  for (let at = 0; at < journal.length; at += 5) {
    const overwritten = Buffer.from(journal)
    overwritten.fill('~', at, Math.min(at + 4, journal.length))
    const { unreadableRecords, commits, sealed } = recoveredWith(overwritten)
    expect(unreadableRecords).toBeGreaterThan(0)
    expect(bytesOf(sealed)).toEqual(bytesOf(written))
    const damages = sealed.segments.flatMap((segment) => segment.damages.map((damage) => ({ ...segment, ...damage })))
    expect(damages.length).toBeGreaterThan(0)
    expect(damages.every(({ of }) => of === 'record' || of === 'last-record')).toBe(true)
    const readable = commits.flatMap(({ files }) => files).reduce((sum, { rows }) => sum + rows, 0)
    const first = at + 4 < journal.indexOf('\n')
    if (first) {
      expect(readable).toBe(2 + 3 + 30)
      expect(damages.map(({ table, rows, of }) => ({ table, rows, of }))).toEqual([
        { table: 'spans', rows: 1, of: 'record' },
        { table: 'logs', rows: 10, of: 'record' },
      ])
    }
  }
})

it('keeps for a person what lies behind the end of a journal that was cut in a record', () => {
  const ends = [...journal.keys()].filter((at) => journal[at] === 10).map((at) => at + 1)
  for (let length = 1; length < journal.length; length += 7) {
    const { sealed, unreadableRecords } = recoveredWith(journal.subarray(0, length))
    const whole = ends.includes(length) || ends.includes(length + 1)
    expect(unreadableRecords).toBe(whole ? 0 : 1)
    if (whole) continue
    expect(bytesOf(sealed)).toEqual(bytesOf(written))
    expect(sealed.segments.flatMap(({ damages }) => damages).every(({ of }) => of === 'last-record')).toBe(true)
  }
})

it('keeps everything for a person when the journal is gone', () => {
  rmSync(pathOf(journalName))
  const { sealed, commits } = recoverGeneration(root, 0, 7)
  expect(commits).toEqual([])
  expect(sealed.segments.map(({ table, damages }) => [table, damages.length])).toEqual([
    ['logs', 1],
    ['spans', 1],
  ])
})

it('finds the same when it is interrupted', () => {
  const overwritten = Buffer.from(journal)
  overwritten.fill('~', 20, 30)
  const { sealed } = recoveredWith(overwritten)
  expect(recoverGeneration(root, 0, 7).sealed).toEqual(sealed)
})

it('leaves out what a journal does not name, and a last commit whose data is not whole', () => {
  const spans = written.segments.find(({ table }) => table === 'spans')
  truncateSync(pathOf('spans.native'), (spans?.bytes ?? 0) - 3)
  const { commits, cutRows, sealed } = recoverGeneration(root, 0, 7)
  expect(commits).toHaveLength(2)
  expect(cutRows).toBe(33)
  expect(sealed.segments.flatMap(({ damages }) => damages)).toEqual([])
})
