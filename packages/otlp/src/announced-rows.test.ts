import { describe, expect, it } from 'vitest'
import { AnnouncedRows } from './announced-rows.ts'
import { HashSet64 } from './hash-set.ts'

describe('AnnouncedRows', () => {
  it('knows what was confirmed, by hash and owner', () => {
    const rows = new AnnouncedRows()
    expect(rows.has(1, 2, 3)).toBe(false)
    rows.confirm(Int32Array.of(1, 2, 3, -1, -2, 3))
    expect(rows.has(1, 2, 3)).toBe(true)
    expect(rows.has(-1, -2, 3)).toBe(true)
    expect(rows.has(1, 2, 4)).toBe(false)
    expect(rows.has(2, 1, 3)).toBe(false)
  })

  it('stays within its capacity, and keeps what is in use', () => {
    const rows = new AnnouncedRows(1000)
    rows.confirm(Int32Array.of(7, 7, 1))
    for (let i = 0; i < 10_000; i++) {
      rows.confirm(Int32Array.of(i, 99, 1))
      expect(rows.has(7, 7, 1)).toBe(true)
    }
    expect(rows.size).toBeLessThanOrEqual(1000)
    expect(rows.has(0, 99, 1)).toBe(false)
    expect(rows.has(9999, 99, 1)).toBe(true)
  })
})

describe('HashSet64', () => {
  it('holds what a Set would hold', () => {
    const set = new HashSet64()
    const model = new Set<string>()
    for (let i = 0; i < 20_000; i++) {
      const [low, high, owner] = [(i * 7919) % 5003, (i * 31) % 7, 1 + (i % 3)] as const
      expect(set.add(low, high, owner)).toBe(!model.has(`${low},${high},${owner}`))
      model.add(`${low},${high},${owner}`)
    }
    expect(set.size).toBe(model.size)
    set.clear()
    expect(set.size).toBe(0)
    expect(set.has(0, 0, 1)).toBe(false)
  })
})
