import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SpanKind, trace, traceHeaders } from '@burstlet/monitoring'

// The last service of a chain: puts a message into a queue, which here is a pipe to a process of its own.
const consumer = fork(new URL('chain-consumer.ts', import.meta.url), {
  env: { ...process.env, OTEL_SERVICE_NAME: 'chain-consumer' },
})
const server = createServer((_request, response) => {
  const attributes = { 'messaging.destination.name': 'jobs', 'messaging.operation.type': 'send' }
  trace('send jobs', { kind: SpanKind.PRODUCER, attributes }, () => consumer.send({ headers: traceHeaders() }))
  consumer.once('message', () => response.setHeader('content-type', 'application/json').end('{"end":true}'))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
