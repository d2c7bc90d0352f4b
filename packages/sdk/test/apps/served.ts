import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@burstlet/monitoring'

// A plain server, and everything that clients and handlers do to one. It asks itself, prints what its responses said, and ends.

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  // What a body parser does: the listeners run when the body comes, long after the handler has returned.
  '/body': (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => trace('parse body', () => response.end(String(Buffer.concat(chunks).length))))
  },
  '/finished': (_request, response) => {
    response.on('finish', () => trace('after the answer', () => {}))
    response.end('ok')
  },
  '/written': (_request, response) => response.writeHead(201, { 'x-own': '1' }).end(),
  '/listed': (_request, response) => response.writeHead(200, 'Fine', ['x-own', '1']).end(),
  '/named': (_request, response) => response.writeHead(200, { 'X-Trace-Id': 'mine' }).end(),
  '/aborted': () => {},
  '/throws': (_request, response) => {
    response.statusCode = 500
    response.end()
    throw new RangeError('the handler throws')
  },
}
const server = createServer((request, response) => {
  const path = (request.url ?? '').replace(/^http:\/\/[^/]+/, '').replace(/\?.*/, '')
  const route = routes[path]
  if (route === undefined) response.end(path)
  else route(request, response)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = server.address() as AddressInfo
process.on('uncaughtException', () => {})

async function ask(path: string, headers: Record<string, string> = {}, body?: string): Promise<IncomingMessage> {
  const sent = request({ port, path, headers, method: body === undefined ? 'GET' : 'POST' })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return response
}

const said: Record<string, unknown> = {}
for (const path of ['/written', '/listed', '/named', '/finished']) {
  const { headers, statusCode, statusMessage } = await ask(path)
  said[path] = { trace: headers['x-trace-id'], own: headers['x-own'], statusCode, statusMessage }
}
await ask('/body', { 'content-type': 'text/plain' }, 'x'.repeat(100_000))
await ask('http://proxied.example/whole?token=secret', { host: 'proxied.example' })
await ask('/forwarded', { forwarded: 'for="[2001:db8::1]:4711";host=shop.example;proto=https' })
await ask('/x-forwarded', { 'x-forwarded-for': '203.0.113.7, 10.0.0.1', 'x-forwarded-host': 'shop.example:8443' })
// The last one: Node reads nothing more from a connection whose handler threw.
await ask('/throws', { connection: 'close' })
// What serverless adapters do: a server is given requests that never came over a connection.
server.emit('request', { url: '/made-up', method: 'GET', headers: {}, on() {} }, { end() {} })
const gone = connect(port, '127.0.0.1')
gone.write('GET /aborted HTTP/1.1\r\nhost: localhost\r\n\r\n')
await sleep(200)
gone.destroy()
await sleep(200)
process.stdout.write(JSON.stringify(said))
server.close()
