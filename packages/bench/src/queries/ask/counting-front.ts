import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { zstdDecompressSync } from 'node:zlib'
import { z } from 'zod'

/** One statement that went to the engine. */
export interface Statement {
  readonly sql: string
  readonly ms: number
  readonly rows: number
  readonly bytes: number
}

/** Stands between a server and the engine, and notes what each statement reads. */
export interface CountingFront {
  readonly url: string
  /** What was asked since the last call. */
  take(): Statement[]
  stop(): Promise<void>
}

const summary = z.object({ read_rows: z.coerce.number(), read_bytes: z.coerce.number() })

export async function startCountingFront(engine: string): Promise<CountingFront> {
  let statements: Statement[] = []
  const server = createServer((incoming, answer) => void pass(incoming, answer)).listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const target = new URL(incoming.url ?? '/', engine)
    // What was read is known at the end only.
    target.searchParams.set('wait_end_of_query', '1')
    const body = await buffer(incoming)
    const sql = (incoming.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(body) : body).toString()
    const started = performance.now()
    const { host: _, ...headers } = incoming.headers
    const outgoing = send(target, { method: incoming.method, headers }, (given) => {
      const found = summary.safeParse(JSON.parse(String(given.headers['x-clickhouse-summary'] ?? '{}')))
      const { read_rows: rows = 0, read_bytes: bytes = 0 } = found.data ?? {}
      statements.push({ sql, ms: performance.now() - started, rows, bytes })
      answer.writeHead(given.statusCode ?? 502, given.headers)
      given.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    outgoing.end(body)
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = statements
      statements = []
      return taken
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
