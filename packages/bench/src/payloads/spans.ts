import { randomBytes, randomInt } from 'node:crypto'
import { double, flag, hex, integer, justNow, pick, resourceOf, text } from './realistic.ts'
import { markedTraceId, type RequestPool, requestPool } from './request-pool.ts'

const treeSize = 8

/** Spans with 12 attributes in trees of 8, an event in every fifth; about 580 bytes each. */
export function spanRequests(spansPerRequest: number, distinct?: number): RequestPool {
  const build = (request: number) => {
    const spans: ReturnType<typeof spanOf>[] = []
    for (let index = 0; index < spansPerRequest; index++) spans.push(spanOf(index, spans[index - (index % treeSize)]))
    return {
      resourceSpans: [
        { resource: resourceOf(request), scopeSpans: [{ scope: { name: 'bench', version: '1' }, spans }] },
      ],
    }
  }
  return requestPool('traces', spansPerRequest, build, distinct)
}

interface Span {
  readonly traceId: Buffer
  readonly spanId: Buffer
}

function spanOf(index: number, root: Span | undefined) {
  const start = justNow()
  const route = pick(['/videos/:id', '/videos', '/search', '/users/:id', '/uploads'])
  const status = pick([200, 200, 200, 200, 201, 404, 500])
  return {
    traceId: root?.traceId ?? markedTraceId(index),
    spanId: randomBytes(8),
    ...(root && { parentSpanId: root.spanId }),
    name: `GET ${route}`,
    kind: root ? pick([1, 3]) : 2,
    startTimeUnixNano: start,
    endTimeUnixNano: String(BigInt(start) + BigInt(randomInt(200_000_000))),
    status: status >= 500 ? { code: 2, message: 'Internal Server Error' } : {},
    attributes: [
      text('http.request.method', 'GET'),
      text('http.route', route),
      text('url.full', `http://gateway.burstlet.internal${route}/${hex(6)}?page=${randomInt(20)}`),
      text('server.address', 'gateway.burstlet.internal'),
      text('network.protocol.version', '1.1'),
      text('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) burstlet/4.2'),
      text('session.id', hex(8)),
      text('user.id', `user-${randomInt(100_000)}`),
      integer('http.response.status_code', status),
      integer('http.response.body.size', randomInt(100_000)),
      double('queue.wait', randomInt(1000) / 8),
      flag('cache.hit', randomInt(2) === 1),
    ],
    ...(index % 5 === 0 && {
      events: [{ timeUnixNano: start, name: 'cache.lookup', attributes: [text('cache.key', hex(8))] }],
    }),
  }
}
