import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startServer } from '@burstlet/testkit/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../src/access/key-ring.ts'
import { createIngestServer } from '../src/ingest/http/server.ts'
import { Receiver } from '../src/ingest/receiver.ts'
import { ClickhouseConnection } from '../src/storage/clickhouse/connection.ts'

const head = 'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

/** What comes back over a socket until it is closed. */
function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece
    })
    socket.on('error', () => {}).on('close', () => resolve(text))
  })
}

describe('senders that do not behave', () => {
  const root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  const log = pino({ level: 'silent' })
  let receiver: Receiver
  let app: Awaited<ReturnType<typeof createIngestServer>>
  const open = () => connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1' })

  beforeAll(async () => {
    receiver = new Receiver({
      root,
      connection: new ClickhouseConnection(),
      log,
      maxBodyBytes: 100_000,
      workers: 1,
      capBytes: 10_000_000,
      insertIntervalMs: 1000,
    })
    const timeouts = { headers: 300, request: 2500 }
    app = await createIngestServer({ receiver, log, keys: new KeyRing({}), corsOrigins: [], timeouts })
    await app.listen({ port: 0, host: '127.0.0.1' })
  })
  afterAll(async () => {
    await app.close()
    await receiver.spool.stop()
    rmSync(root, { recursive: true })
  })

  it('gives up on headers and on bodies that come too slowly, and frees what they held', async () => {
    const headers = open()
    headers.write(head)
    expect(await answerOf(headers)).toMatch(/^HTTP\/1.1 408.*"code":14/s)
    const body = open()
    body.write(`${head}Content-Length: 50000\r\n\r\n${' '.repeat(1000)}`)
    await sleep(100)
    expect(receiver.memory.used).toBe(1000)
    await answerOf(body)
    await sleep(50)
    expect(receiver.memory.used).toBe(0)
  })

  it('stops reading a body without end, and headers without end', async () => {
    const endless = open()
    const answered = answerOf(endless)
    endless.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
    const piece = `4000\r\n${' '.repeat(0x4000)}\r\n`
    const writing = setInterval(() => endless.write(piece), 1)
    expect(await answered).toMatch(/^HTTP\/1.1 413/)
    clearInterval(writing)
    const headers = open()
    const refused = answerOf(headers)
    headers.write(`${head}X: ${'x'.repeat(200_000)}`)
    expect(await refused).toMatch(/^HTTP\/1.1 431.*"code":8/s)
    await sleep(50)
    expect(receiver.memory.used).toBe(0)
  })

  it('answers requests that are sent one after the other without waiting', async () => {
    const socket = open()
    const answered = answerOf(socket)
    const one = `${head}Content-Length: 2\r\n\r\n{}`
    socket.write(one.repeat(49) + one.replace('Host', 'Connection: close\r\nHost'))
    expect((await answered).match(/HTTP\/1.1 200/g)).toHaveLength(50)
  })

  it('takes chunks, and a client that first asks whether it may send', async () => {
    const socket = open()
    const answered = answerOf(socket)
    socket.write(`${head}Transfer-Encoding: chunked\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)
    await sleep(50)
    socket.write('1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n')
    expect(await answered).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/)
  })
})

it('serves 10,000 open connections', { timeout: 120_000 }, async () => {
  const server = await startServer()
  const { port } = new URL(server.otlpHttp)
  const sockets: Socket[] = []
  try {
    const one = `${head}Content-Length: 2\r\n\r\n{}`
    const exchange = (socket: Socket) =>
      new Promise<string>((resolve, reject) => {
        socket.once('data', (bytes) => resolve(bytes.toString('latin1'))).once('error', reject)
        socket.write(one)
      })
    for (let i = 0; i < 10_000; i += 250) {
      const some = Array.from({ length: 250 }, () => connect({ port: Number(port), host: '127.0.0.1' }))
      sockets.push(...some)
      const answers = await Promise.all(some.map(exchange))
      expect(answers.filter((answer) => !answer.startsWith('HTTP/1.1 200'))).toEqual([])
    }
    // The first are still there, and are still answered.
    expect(await exchange(sockets[0] as Socket)).toMatch(/^HTTP\/1.1 200/)
    expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([])
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.stop()
  }
})
