import { type SystemResponse, systemResponse } from '@burstlet/contract/metrics'
import { describe, expect, test } from 'vitest'
import { metricApi, minute, now, range, sample } from './metric-api.ts'
import { get } from './test-api.ts'

const api = metricApi()

describe('category=system', () => {
  test('puts a host together from its metrics, as the SDK and the Collector name them', async () => {
    const at = now - 2 * minute
    const rows: object[] = []
    const add = async (name: string, kind: object, value: number) => {
      rows.push(sample(name, await api.series(name, { type: 1, ...kind }), at, value))
    }
    for (const [core, idle] of [0.5, 0.7].entries()) {
      const attr_i = { 'cpu.logical_number': String(core) }
      await add('system.cpu.utilization', { attr_s: { 'cpu.mode': 'idle' }, attr_i }, idle)
      await add('system.cpu.utilization', { attr_s: { 'cpu.mode': 'user' }, attr_i }, 1 - idle)
    }
    for (const [span, load] of Object.entries({ '1m': 1.5, '5m': 1, '15m': 0.5 })) {
      await add(`system.cpu.load_average.${span}`, {}, load)
    }
    for (const [state, bytes] of Object.entries({ used: 600, free: 300, cached: 100 })) {
      await add('system.memory.usage', { type: 2, temporality: 2, attr_s: { 'system.memory.state': state } }, bytes)
    }
    for (const [state, bytes] of Object.entries({ used: 30, free: 60, reserved: 10 })) {
      await add(
        'system.filesystem.usage',
        { attr_s: { 'system.filesystem.mountpoint': '/', 'system.filesystem.state': state } },
        bytes,
      )
    }
    await add('process.cpu.utilization', { attr_s: { 'cpu.mode': 'user' } }, 0.2)
    await add('process.cpu.utilization', { attr_s: { 'cpu.mode': 'system' } }, 0.05)
    await add('process.memory.usage', {}, 5000)
    await add('process.uptime', {}, 77)
    await add('nodejs.eventloop.delay.mean', {}, 0.012)
    for (const [device, bytes] of Object.entries({ eth0: 100, eth1: 10, lo: 5000 })) {
      const counter = { type: 2, temporality: 2, monotonic: true }
      const fingerprint = await api.series('system.network.io', {
        ...counter,
        attr_s: { 'network.io.direction': 'receive', 'network.interface.name': device },
      })
      rows.push(
        sample('system.network.io', fingerprint, at - minute, 1000),
        sample('system.network.io', fingerprint, at, 1000 + bytes),
      )
    }
    // Another host, by the Collector's receiver: time counters and shorter attribute names.
    const collector = { res_hash: '8', type: 2, temporality: 2, monotonic: true }
    for (const [state, seconds] of Object.entries({ idle: 45, user: 15 })) {
      const fingerprint = await api.series('system.cpu.time', { ...collector, attr_s: { cpu: 'cpu0', state } })
      rows.push(
        sample('system.cpu.time', fingerprint, at - minute, 100),
        sample('system.cpu.time', fingerprint, at, 100 + seconds),
      )
    }
    await api.engine.insert('metric_samples', rows)

    const answer: SystemResponse = systemResponse.parse(
      await get(api.app, '/metrics', { ...range, category: 'system' }),
    )
    const item = (host: string) => answer.items.find((each) => each.host === host && Date.parse(each.timestamp) === at)
    const { cpu, memory, disk, network, process } = item('h1')!
    expect(cpu.usage).toBeCloseTo(40, 9)
    expect(cpu).toMatchObject({ loadAverage: [1.5, 1, 0.5], cores: 2 })
    expect(memory).toEqual({ total: 1000, used: 600, free: 300, percentage: 60 })
    expect(disk).toEqual([{ mount: '/', total: 100, used: 30, available: 60, percentage: (30 / 90) * 100 }])
    expect(network).toEqual({ bytesReceived: 110, bytesSent: null })
    expect(process).toMatchObject({ memory: 5000, uptime: 77, eventLoopDelay: 12 })
    expect(process.cpu).toBeCloseTo(25, 9)
    expect(item('h2')!.cpu).toEqual({ usage: 25, loadAverage: [], cores: 1 })

    const one: SystemResponse = await get(api.app, '/metrics', { ...range, category: 'system', host: 'h2' })
    expect(new Set(one.items.map(({ host }) => host))).toEqual(new Set(['h2']))
    const overview = await get<{ system: object[] }>(api.app, '/overview')
    const timestamp = new Date(at).toISOString()
    expect(overview.system).toEqual([
      {
        host: 'h1',
        timestamp,
        cpu: expect.closeTo(40, 9),
        memory: 60,
        disk: (30 / 90) * 100,
        load: 1.5,
        cores: 2,
        series: { cpu: [[at, expect.closeTo(40, 9)]], memory: [[at, 60]] },
      },
      {
        host: 'h2',
        timestamp,
        cpu: 25,
        memory: null,
        disk: null,
        load: null,
        cores: 1,
        series: {
          cpu: [
            [at - minute, null],
            [at, 25],
          ],
          memory: [
            [at - minute, null],
            [at, null],
          ],
        },
      },
    ])
  })
})
