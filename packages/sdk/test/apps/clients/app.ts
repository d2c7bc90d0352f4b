import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { trace } from '@burstlet/monitoring'
import { Redis } from 'ioredis'
import pg from 'pg'
import { request } from 'undici'

// A program that asks a PostgreSQL, a Redis and two HTTP servers inside one trace, prints its id and ends.
// The Redis here knows one answer; the client before it is the real one.
const redisServer = createTcpServer((socket) => {
  socket.on('error', () => {})
  socket.on('data', (data) => {
    for (const _ of data.toString().matchAll(/^\*\d+/gm)) socket.write('+OK\r\n')
  })
})
const httpServer = createServer((_request, response) => response.end('ok'))
const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port
const listen = (server: Server | ReturnType<typeof createTcpServer>) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
await Promise.all([listen(redisServer), listen(httpServer)])

const database = new pg.Client({ connectionString: process.env['PG_URL'] })
await database.connect()
const redis = new Redis({ host: '127.0.0.1', port: port(redisServer), enableReadyCheck: false })
const url = `http://127.0.0.1:${port(httpServer)}`

await trace('ask everybody', async (span) => {
  process.stdout.write(`${span.spanContext().traceId}\n`)
  await database.query('CREATE TEMP TABLE customers (id int, email text)')
  await database.query("SELECT * FROM customers WHERE email = 'ann@example.com' AND id = 42")
  await database.query("SELECT pg_sleep(0.3), 'a secret'")
  await redis.set('session:ann', 'very secret value')
  await (await fetch(`${url}/by-fetch?access_token=abc&page=2`)).text()
  await (await request(`${url}/by-undici`)).body.text()
})
await database.end()
redis.disconnect()
redisServer.close()
httpServer.close()
