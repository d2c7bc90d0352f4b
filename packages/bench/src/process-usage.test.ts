import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { childrenOf, usageOf } from './process-usage.ts'

test('a child of a worker thread counts as a child of its process', async () => {
  const direct = spawn('sleep', ['20'])
  const code = `const { spawn } = require('node:child_process'); const { parentPort } = require('node:worker_threads')
    const child = spawn('sleep', ['20']); parentPort.postMessage(child.pid); parentPort.once('message', () => child.kill())`
  const worker = new Worker(code, { eval: true })
  try {
    const [fromWorker] = await once(worker, 'message')
    expect(childrenOf(process.pid)).toEqual(expect.arrayContaining([direct.pid, fromWorker]))
    expect(usageOf(Number(fromWorker)).residentBytes).toBeGreaterThan(0)
  } finally {
    direct.kill()
    worker.postMessage('stop')
    await once(worker, 'exit').catch(() => undefined)
  }
})
