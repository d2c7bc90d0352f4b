import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { logger, metrics, trace } from '@burstlet/monitoring'

// Does a little of everything that a variable of the environment may change. It prints the headers of a request that it sends to
// itself, and then what is found at the address in its first argument.
const long = 'x'.repeat(100)
const three = { a: long, b: long, c: long }
const server = createServer((request, response) => {
  process.stdout.write(`${JSON.stringify(request.headers)}\n`)
  response.end()
}).listen(0, '127.0.0.1')
await once(server, 'listening')

const linked = trace('first', (span) => span.spanContext())
for (let i = 0; i < 6; i++) {
  trace('work', { attributes: three, links: [1, 2, 3].map(() => ({ context: linked, attributes: three })) }, (span) => {
    for (const name of ['one', 'two', 'three']) span.addEvent(name, three)
    logger.info('speaks', three)
    metrics.counter('runs').add(1)
  })
}
await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
const [, , page] = process.argv
if (page !== undefined) process.stdout.write(await (await fetch(page)).text())
server.close()
