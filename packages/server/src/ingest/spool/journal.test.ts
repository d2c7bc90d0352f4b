import { expect, it } from 'vitest'
import { type Commit, encodeCommit, readJournal } from './journal.ts'

const commits: Commit[] = [1, 2, 3].map((n) => ({
  at: 1_700_000_000_000 + n,
  files: [{ table: 'spans', end: 100 * n, crc: 123_456 * n, rows: n }],
  spaces: ['default', `tenant-${n}`],
  bodies: [{ key: `Jk${n}`, rejected: 0, message: n === 2 ? 'größer\n' : '' }],
}))
const journal = Buffer.concat(commits.map(encodeCommit))

it('reads what was written', () => {
  expect(readJournal(journal).map(({ commit }) => commit)).toEqual(commits)
  expect(readJournal(Buffer.alloc(0))).toEqual([])
})

it('reads what a version wrote that knew of no spaces', () => {
  const [{ spaces: _, ...old }] = commits as [Commit]
  expect(readJournal(encodeCommit(old as Commit))[0]?.commit).toEqual({ ...old, spaces: ['default'] })
})

it('reads it with any one bit flipped, and says so', () => {
  for (let bit = 0; bit < journal.length * 8; bit++) {
    const flipped = Buffer.from(journal)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const entries = readJournal(flipped)
    expect(
      entries.map(({ commit }) => commit),
      `bit ${bit}`,
    ).toEqual(commits)
    expect(
      entries.some(({ mended }) => mended),
      `bit ${bit}`,
    ).toBe(true)
    expect(entries.at(-1)?.end).toBe(journal.length)
  }
})

it('goes on behind a record that cannot be read', () => {
  const damaged = Buffer.from(journal)
  damaged.fill(0, 5, 40)
  expect(readJournal(damaged).map(({ commit }) => commit)).toEqual([undefined, ...commits.slice(1)])
})
