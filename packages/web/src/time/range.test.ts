import { describe, expect, it } from 'vitest'
import { isLive, parseTime, rangeFault, rangeName, resolve, step, zoomOut } from './range.ts'

const now = Date.parse('2026-11-10T02:14:00Z')
const hour = 3_600_000

describe('parseTime', () => {
  it.each([
    ['now', now],
    ['now-15m', now - 15 * 60_000],
    ['now-2d', now - 48 * hour],
    ['2026-11-10T01:00:00Z', Date.parse('2026-11-10T01:00:00Z')],
    ['1794276840000', 1794276840000],
  ])('reads %s', (text, ms) => expect(parseTime(text, now)).toBe(ms))

  it.each(['', 'yesterday', 'now+1h', 'now-', '2026', '12', '2026-13-45T00:00Z'])('refuses %j', (text) =>
    expect(parseTime(text, now)).toBeNull(),
  )
})

describe('range', () => {
  it('says which end is wrong', () => {
    expect(rangeFault({ from: 'x', to: 'now' }, now)).toMatch(/^From is not/)
    expect(rangeFault({ from: 'now-1h', to: 'x' }, now)).toMatch(/^To is not/)
    expect(rangeFault({ from: 'now', to: 'now-1h' }, now)).toBe('From must be before To.')
    expect(rangeFault({ from: 'now-1h', to: 'now' }, now)).toBeNull()
  })
  it('falls back to the last hour when the URL is broken', () => {
    expect(resolve({ from: 'broken', to: 'now' }, now)).toEqual({ from: now - hour, to: now })
  })
  it('is named when it ends now', () => {
    expect(rangeName({ from: 'now-1h', to: 'now' })).toBe('Last 1 hour')
    expect(rangeName({ from: 'now-15m', to: 'now' })).toBe('Last 15 minutes')
    expect(rangeName({ from: '2026-11-10T01:00:00Z', to: 'now' })).toBeNull()
    expect(isLive({ from: 'now-1h', to: 'now-5m' })).toBe(false)
  })
  it('steps back into fixed time and forward to now again', () => {
    const back = step({ from: 'now-1h', to: 'now' }, -1, now)
    expect(back).toEqual({ from: '2026-11-10T00:14:00.000Z', to: '2026-11-10T01:14:00.000Z' })
    expect(step(back, 1, now)).toEqual({ from: 'now-1h', to: 'now' })
  })
  it('never steps past now', () => {
    expect(step({ from: 'now-1h', to: 'now' }, 1, now)).toEqual({ from: 'now-1h', to: 'now' })
  })
  it('zooms out to twice the length', () => {
    expect(zoomOut({ from: 'now-1h', to: 'now' }, now)).toEqual({ from: 'now-2h', to: 'now' })
    const middle = { from: '2026-11-10T00:00:00.000Z', to: '2026-11-10T00:30:00.000Z' }
    const { from, to } = resolve(zoomOut(middle, now), now)
    expect([from, to]).toEqual([Date.parse('2026-11-09T23:45:00Z'), Date.parse('2026-11-10T00:45:00Z')])
  })
})
