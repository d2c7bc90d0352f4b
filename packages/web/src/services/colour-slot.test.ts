import { beforeEach, describe, expect, it } from 'vitest'
import { assignSlots, forgetSlots, slotCount, slotOf } from './colour-slot.ts'

describe('slotOf', () => {
  beforeEach(forgetSlots)

  it('gives ten services ten different slots', () => {
    const names = Array.from({ length: slotCount }, (_, i) => `service-${i}`)
    expect(new Set(names.map(slotOf)).size).toBe(slotCount)
  })
  it('keeps a slot when services appear later', () => {
    assignSlots(['video-api', 'gateway', 'worker'])
    const before = slotOf('worker')
    assignSlots(['auth', 'billing', 'cdn', 'search', 'mail', 'users', 'push', 'feeds', 'more'])
    expect(slotOf('worker')).toBe(before)
  })
  it('does not depend on the order in which a list came', () => {
    assignSlots(['a', 'b', 'c'])
    const first = ['a', 'b', 'c'].map(slotOf)
    forgetSlots()
    assignSlots(['c', 'a', 'b'])
    expect(['a', 'b', 'c'].map(slotOf)).toEqual(first)
  })
  it('stays within the palette beyond ten', () => {
    for (let i = 0; i < 30; i++) expect(slotOf(`s${i}`)).toBeGreaterThanOrEqual(1)
    for (let i = 0; i < 30; i++) expect(slotOf(`s${i}`)).toBeLessThanOrEqual(slotCount)
  })
})
