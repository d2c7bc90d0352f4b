import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes ClickHouse's inserts and throws them away. */
export interface Sink {
  readonly url: string
  stop(): Promise<void>
}

/** All but inserts is answered by `engine`, so that the exporter finds its tables. */
export async function startSink(engine: { readonly url: string }): Promise<Sink> {
  const server = createServer((incoming, answer) => {
    const target = new URL(incoming.url ?? '/', engine.url)
    if (/^\s*INSERT /i.test(target.searchParams.get('query') ?? '')) incoming.resume().on('end', () => answer.end())
    else forward(target, incoming, answer)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forward(target: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const outgoing = send(target, { method: incoming.method ?? 'GET', headers: incoming.headers }, (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers)
    given.pipe(answer)
  })
  outgoing.on('error', () => answer.destroy())
  incoming.pipe(outgoing)
}
