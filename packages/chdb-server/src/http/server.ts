import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Role } from '../engine/config-file.ts'
import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine/error.ts'
import { hideTables, limitSettings, vetReadOnly } from '../sql/read-only.ts'
import { Answer, acceptedEncoding, sendError } from './answer.ts'
import { guestQuery } from './guest.ts'
import { findLocalFile, readPieces } from './local-file.ts'
import { parseQueryRequest } from './query-request.ts'
import { readQueryText } from './query-text.ts'
import { runQuery } from './run-query.ts'
import { Summary } from './summary.ts'
import type { Users } from './users.ts'

export interface HttpOptions {
  engine: Engine
  users: Users
  localFiles: string | undefined
  /** Tells of an error that is this server's own fault. */
  onFault: (error: unknown) => void
}

/** Seconds that a query of a read-only user may take at most. */
const readMaxExecutionTime = 60
/** Share of the engine's memory for one query. All of people's together leave half of it to the others. */
const memoryShare = { reader: 0.5, guest: 0.25 } as const

/** ClickHouse's HTTP interface. `listen` on loopback only: it is plain HTTP. */
export function createHttpServer(options: HttpOptions): Server {
  const server = createServer(
    // A large INSERT may take longer than Node's default of five minutes; the peer is this host.
    { requestTimeout: 0, keepAliveTimeout: 30_000, maxHeaderSize: 1024 * 1024 },
    (request, response) => void respond(options, request, response),
  )
  return server
}

async function respond(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { version } = options.engine
  try {
    await route(options, request, response)
  } catch (error) {
    if (response.destroyed) return
    if (!(error instanceof EngineError)) options.onFault(error)
    const told = error instanceof EngineError ? error : new EngineError(1002, 'UNKNOWN_EXCEPTION', 'Internal error')
    if (response.headersSent) response.destroy()
    else sendError(response, told, version)
  } finally {
    // What the client still sends is of no use, but it must be read before it reads the answer.
    request.resume()
  }
}

async function route(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const method = request.method ?? 'GET'
  if (method !== 'GET' && method !== 'POST' && method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD, POST' }).end()
    return
  }
  if (
    url.pathname === '/ping' ||
    url.pathname === '/replicas_status' ||
    (url.pathname === '/' && isBare(url, method))
  ) {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' }).end('Ok.\n')
    return
  }
  if (url.pathname !== '/') {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=UTF-8' })
    response.end(`There is no handle ${url.pathname}: queries go to /, and there is /ping\n`)
    return
  }
  const role = options.users.authenticate(request, url.searchParams)
  await answerQuery(options, role, request, url.searchParams, response)
}

function isBare(url: URL, method: string): boolean {
  return method !== 'POST' && url.search === ''
}

async function answerQuery(
  { engine, localFiles, onFault }: HttpOptions,
  role: Role,
  request: IncomingMessage,
  url: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const summary = new Summary()
  const parsed = parseQueryRequest(request, url)
  response.setHeader('X-ClickHouse-Query-Id', parsed.queryId)
  response.setHeader('X-ClickHouse-Timezone', engine.timezone)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'chdb-server')
  const sent = await readQueryText(request, parsed)
  const text = role === 'guest' ? await guestQuery(engine, parsed, sent) : sent
  const { statement } = text
  let settings: ReadonlyMap<string, string> = parsed.settings
  if (role !== 'writer') {
    if (role === 'reader') vetReadOnly(statement, text.text)
    settings = limitSettings(settings, {
      maxExecutionTime: readMaxExecutionTime,
      maxMemoryUsage: Math.floor(engine.options.maxMemory * memoryShare[role]),
    })
    if (role === 'guest') settings = hideTables(settings, engine.systemTables)
  } else if (request.method !== 'POST' && statement.kind !== 'select' && statement.kind !== 'read') {
    throw new EngineError(164, 'READONLY', 'Cannot execute query in readonly mode: use POST to change data')
  }
  if (parsed.localFile !== undefined) {
    if (statement.kind !== 'insert')
      throw new EngineError(36, 'BAD_ARGUMENTS', 'local_file is for an INSERT with FORMAT')
    text.data = readPieces(await findLocalFile(localFiles, parsed.localFile))
  }
  const answer = new Answer(response, {
    encoding: parsed.compress ? acceptedEncoding(request) : undefined,
    bufferSize: parsed.bufferSize,
    waitForEnd: parsed.waitEndOfQuery,
    summary,
    version: engine.version,
  })
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client went away'))
  })
  try {
    await runQuery(engine, { request: parsed, text, role, settings, signal: gone.signal }, response, answer, summary)
    await answer.end()
  } catch (error) {
    // A body that breaks off shows before the connection's end does.
    if (gone.signal.aborted || response.destroyed || (request.destroyed && !request.complete)) return
    if (error instanceof EngineError) return await answer.fail(error)
    onFault(error)
    await answer.fail(new EngineError(1002, 'UNKNOWN_EXCEPTION', 'Internal error'))
  }
}
