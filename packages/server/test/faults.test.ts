import { describe, expect, it } from 'vitest'
import { mayMount } from './faults/disk.ts'
import { play, scenarios } from './faults/scenarios.ts'

describe('nothing acknowledged is lost, nothing is there twice, rollups agree', () => {
  for (const scenario of scenarios) {
    const { name, disk } = scenario
    it.skipIf(disk && !mayMount(disk.type))(name, { timeout: 120_000 }, async () => {
      const result = await play(scenario, 'short')
      expect(result.acknowledged).toBeGreaterThan(100)
      expect(result).toMatchObject({ lost: 0, doubled: 0, wrong: [] })
      expect(result.found).toBeGreaterThanOrEqual(result.acknowledged)
    })
  }
})
