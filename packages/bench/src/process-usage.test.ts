import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { childrenOf, residentTogether, usageOf } from './process-usage.ts'

test('a child of a worker thread counts as a child of its process', async () => {
  const direct = spawn('sleep', ['20'])
  const code = `const { spawn } = require('node:child_process'); const { parentPort } = require('node:worker_threads')
    const child = spawn('sleep', ['20']); parentPort.postMessage(child.pid); parentPort.once('message', () => child.kill())`
  const worker = new Worker(code, { eval: true })
  try {
    const [fromWorker] = await once(worker, 'message')
    expect(childrenOf(process.pid)).toEqual(expect.arrayContaining([direct.pid, fromWorker]))
  } finally {
    direct.kill()
    worker.postMessage('stop')
    await once(worker, 'exit').catch(() => undefined)
  }
})

test('memory and processor time of a process', () => {
  const { cpuSeconds, residentBytes, peakBytes } = usageOf(process.pid)
  expect(cpuSeconds).toBeGreaterThan(0.05)
  expect(residentBytes).toBeGreaterThan(30e6)
  expect(peakBytes).toBeGreaterThan(30e6)
})

test('pages of a program that two processes run count once, their own memory twice', async () => {
  const code = "globalThis.kept = Buffer.alloc(32e6, 1); console.log('ready'); process.stdin.resume()"
  const processes = [1, 2].map(() => spawn(process.execPath, ['-e', code]))
  try {
    await Promise.all(processes.map(({ stdout }) => once(stdout, 'data')))
    const pids = processes.map(({ pid }) => pid ?? 0)
    const [one = 0, other = 0] = pids.map((pid) => usageOf(pid).residentBytes)
    const together = residentTogether(pids)
    expect(together).toBeLessThan(one + other - 20e6)
    expect(together).toBeGreaterThan(one + 32e6)
    expect(Math.abs(residentTogether(pids.slice(0, 1)) - one)).toBeLessThan(4e6)
  } finally {
    for (const each of processes) each.kill()
  }
})
