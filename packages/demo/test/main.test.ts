import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

let receiver: OtlpReceiver
const running = new Set<ChildProcess>()

beforeAll(async () => {
  receiver = await startOtlpReceiver()
})
afterAll(() => receiver.close())
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Main {
  child: ChildProcess
  pids: Map<string, number>
  lines: string[]
  ended: Promise<unknown>
}

/** Starts the program and waits for its last line of status. */
async function start(args: string[] = [], env: Record<string, string> = {}): Promise<Main> {
  const child = spawn(process.execPath, [main, '--otlp-endpoint', receiver.url, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  running.add(child)
  const lines: string[] = []
  const pids = new Map<string, number>()
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return code ?? signal
  })
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const service = /^\[demo\] (\w+) +pid (\d+)/.exec(line)
      if (service !== null) pids.set(service[1]!, Number(service[2]))
      if (line.includes('telemetry goes to')) resolve()
    })
    void ended.then(() => resolve())
  })
  return { child, pids, lines, ended }
}

/** Waits until none of the services is left. The test's own time limit ends the wait. */
async function gone(pids: Iterable<number>): Promise<void> {
  for (const pid of pids) {
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('starts five processes and ends with all of them when its stdin closes', async () => {
  const { child, pids, ended } = await start()
  expect([...pids.keys()].toSorted()).toEqual(['gateway', 'site', 'traffic', 'transcoder', 'video'])
  child.stdin!.end()
  expect(await ended).toBe(0)
  await gone(pids.values())
})

it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s', async (signal) => {
  const { child, pids, ended } = await start()
  child.kill(signal)
  expect(await ended).toBe(0)
  await gone(pids.values())
})

it('says which service died, stops the others and ends with 1', async () => {
  const { pids, lines, ended } = await start()
  process.kill(pids.get('transcoder')!, 'SIGKILL')
  expect(await ended).toBe(1)
  expect(lines.join('\n')).toContain('transcoder ended with SIGKILL')
  await gone(pids.values())
})

it('leaves no service and no data behind when it is killed itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-demo-test-'))
  try {
    const { child, pids, ended } = await start([], { TMPDIR: folder })
    expect(readdirSync(folder)).toHaveLength(1)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    await gone(pids.values())
    expect(readdirSync(folder)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it.each([
  [['--rate', 'fast'], 2, '--rate must be a number'],
  [['--rate', '9999'], 1, 'rate must be 0.1 to 200'],
  [['--nonsense'], 2, "Unknown option '--nonsense'"],
])('refuses %j', async (args, code, message) => {
  const { lines, ended } = await start(args)
  expect(await ended).toBe(code)
  expect(lines.join('\n')).toContain(message)
})
