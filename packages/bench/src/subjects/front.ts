import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the exporter takes for ClickHouse. */
export interface Front {
  readonly url: string
  stop(): Promise<void>
}

const hello = 'SELECT displayName(), version(), revision(), timezone()'

/**
 * Stands between the Collector and the embedded engine. The exporter's driver asks who is there in a dialect of Native
 * that the engine does not speak, so that is answered here; everything else goes through, but inserts only where they
 * are `kept`: else they are read and thrown away.
 */
export async function startFront(engine: { readonly url: string }, inserts: 'kept' | 'discarded'): Promise<Front> {
  const server = createServer((incoming, answer) => {
    const target = new URL(incoming.url ?? '/', engine.url)
    const isInsert = /^\s*INSERT /i.test(target.searchParams.get('query') ?? '')
    if (isInsert && inserts === 'discarded') incoming.resume().on('end', () => answer.end())
    else if (isInsert) forward(target, incoming, answer)
    else void answerStatement(target, incoming, answer)
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

async function answerStatement(target: URL, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const statement = await text(incoming)
  if (statement.trim() === hello) {
    answer.end(helloBlock)
    return
  }
  const { host: _, ...headers } = incoming.headers
  const outgoing = send(target, { method: 'POST', headers }, (given) => pass(given, answer))
  outgoing.on('error', () => answer.destroy())
  outgoing.end(statement)
}

function forward(target: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const outgoing = send(target, { method: 'POST', headers: incoming.headers }, (given) => pass(given, answer))
  outgoing.on('error', () => answer.destroy())
  incoming.pipe(outgoing)
}

function pass(given: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(given.statusCode ?? 502, given.headers)
  given.pipe(answer)
}

const sized = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])
const column = (name: string, type: string, value: Buffer) =>
  // The zero: no custom serialisation.
  Buffer.concat([sized(name), sized(type), Buffer.from([0]), value])

/** One row in the Native of protocol 54460. Revision 0 asks the driver to read every further answer as plain Native. */
const helloBlock = Buffer.concat([
  // Block info: not an overflow, bucket -1, end. Then four columns, one row.
  Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 4, 1]),
  column('displayName()', 'String', sized('bench')),
  column('version()', 'String', sized('26.7.2.1')),
  column('revision()', 'UInt32', Buffer.alloc(4)),
  column('timezone()', 'String', sized('UTC')),
])
