import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { trace } from '@burstlet/monitoring'

// Answers what it is asked; /fail fails. Inside of each request there is one span more, as there is in most services.
const server = createServer((request, response) => {
  trace('work', () => {
    response.statusCode = request.url === '/fail' ? 500 : 200
    response.end()
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
