import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { captureError, health, identify } from '@burstlet/monitoring'
import { beSlow, fail, passOn, placeOrder, whoIs } from './work.ts'

// Without a framework nobody knows a route; the path's pattern is the service's own business.
const answers: Record<string, (id: string) => unknown> = {
  orders: placeOrder,
  slow: beSlow,
  fail,
  chain: passOn,
}
const server = createServer(async (request, response) => {
  identify(whoIs(request.headers))
  const [, name = '', id = ''] = (request.url ?? '').split('/')
  if (name === 'health') return health.handler()(request, response)
  try {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(await answers[name]?.(id)))
  } catch (error) {
    captureError(error)
    response.writeHead(500).end()
  }
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
