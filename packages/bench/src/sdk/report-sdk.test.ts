import { expect, it } from 'vitest'
import type { SdkMeasured } from './measure-sdk.ts'
import { sdkMarkdown, sdkRows } from './report-sdk.ts'

const measured = (subject: string, cpuMicrosPerRequest: number): SdkMeasured => ({
  subject,
  framework: 'express',
  startMs: 100,
  requestsPerSecond: 1000,
  cpuMicrosPerRequest,
  residentMegabytes: 80,
  p50Ms: 1,
  p99Ms: 5,
})

it('takes the least processor time over rounds, medians of the rest, and says what each adds to nothing', () => {
  const rows = sdkRows([measured('none', 50), measured('ours', 90), measured('none', 60), measured('ours', 100)])
  expect(rows.map((row) => [row.subject, row.cpuMicrosPerRequest, row.addedCpuMicros, row.rounds])).toEqual([
    ['none', 50, 0, 2],
    ['ours', 90, 40, 2],
  ])
  expect(sdkMarkdown(rows)).toContain('| express | ours | 1000 | 1.0 | 5.0 | 90 | 40 | 80 | 100 |')
})
