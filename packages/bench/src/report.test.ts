import { expect, test } from 'vitest'
import type { Measured } from './measure.ts'
import { markdownOf, median, rowsOf } from './report.ts'

const round = (cpuPerMillion: Record<string, number>): Measured => ({
  itemsPerSecond: 1000,
  cpuPerMillion,
  peakMegabytes: { server: 100, collector: 500 },
  p50: 1,
  p99: 2,
  refused: 0,
})

test('a median lies in the middle, and between two', () => {
  expect(median([3, 1, 100])).toBe(3)
  expect(median([4, 1])).toBe(2.5)
  expect(median([])).toBeNaN()
})

test('a rival before an engine is compared with server and engine, one before a sink with the server', () => {
  const rows = rowsOf([
    { signal: 'logs', subject: 'burstlet', rounds: [round({ server: 2, engine: 6, all: 8 })] },
    { signal: 'logs', subject: 'collector-engine', rounds: [round({ collector: 6, engine: 26, all: 32 })] },
    { signal: 'logs', subject: 'collector-sink', rounds: [round({ collector: 6, all: 6 })] },
  ])
  expect(rows.map((row) => row['CPU of ours'])).toEqual(['', '4.0 × (all)', '3.0 × (server)'])
  expect(markdownOf(rows).split('\n')).toHaveLength(6)
})
