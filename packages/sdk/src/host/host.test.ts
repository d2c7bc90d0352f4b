import { statfsSync } from 'node:fs'
import { cpus, hostname, totalmem } from 'node:os'
import { describe, expect, it } from 'vitest'
import { parseMounts } from './disk.ts'
import { parseNetDev } from './network.ts'
import { startHostCollector } from './snapshot.ts'

describe('startHostCollector', () => {
  it('reads this host and this process', async () => {
    const collector = startHostCollector()
    try {
      await collector.collect()
      for (const end = performance.now() + 50; performance.now() < end; ) Math.sqrt(end)
      const { cpu, memory, disks, network, process: self, ...rest } = await collector.collect()
      expect(rest.hostname).toBe(hostname())
      expect(cpu.usage).toBeGreaterThan(0)
      expect(cpu.usage).toBeLessThanOrEqual(1)
      expect(cpu.cores).toBeLessThanOrEqual(cpus().length)
      expect(cpu.loadAverage).toHaveLength(3)
      expect(memory.total).toBe(totalmem())
      expect(memory.used + memory.available).toBe(memory.total)
      expect(self.cpuUsage).toBeGreaterThan(0)
      expect(self.rss).toBeGreaterThan(self.heapUsed)
      expect(self.pid).toBe(process.pid)
      const root = disks.find((disk) => disk.mountPoint === '/')
      const { blocks, bsize } = statfsSync('/')
      expect(root?.total ?? disks[0]?.total).toBe(blocks * bsize)
      for (const disk of disks) expect(disk.usage).toBeLessThanOrEqual(1)
      expect(network.every((one) => one.receivedBytes >= 0 && one.interface !== 'lo')).toBe(true)
    } finally {
      collector.stop()
    }
  })
})

it('parseMounts keeps real file systems, once per device', () => {
  const mounts = [
    'proc /proc proc rw 0 0',
    '/dev/sda1 /var/lib/docker/bind ext4 rw 0 0',
    '/dev/sda1 / ext4 rw 0 0',
    '/dev/sdb1 /mnt/my\\040disk xfs rw 0 0',
    'tmpfs /run tmpfs rw 0 0',
    '',
  ].join('\n')
  expect(parseMounts(mounts)).toEqual([
    { mountPoint: '/', device: '/dev/sda1', type: 'ext4' },
    { mountPoint: '/mnt/my disk', device: '/dev/sdb1', type: 'xfs' },
  ])
})

it('parseNetDev reads totals and leaves loopback out', () => {
  const table = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 100 1 0 0 0 0 0 0 100 1 0 0 0 0 0 0',
    '  eth0:2048 20 1 2 0 0 0 0 4096 40 3 4 0 0 0 0',
  ].join('\n')
  expect(parseNetDev(table)).toEqual([
    {
      interface: 'eth0',
      receivedBytes: 2048,
      receivedPackets: 20,
      receiveErrors: 1,
      receiveDropped: 2,
      transmittedBytes: 4096,
      transmittedPackets: 40,
      transmitErrors: 3,
      transmitDropped: 4,
    },
  ])
})
