import { randomBytes, randomInt } from 'node:crypto'
import { hex, integer, justNow, pick, resourceOf, sentence, text } from './realistic.ts'
import { markedTraceId, type RequestPool, requestPool } from './request-pool.ts'

/** Log records with 8 attributes and a body of about 150 bytes. */
export function logRequests(recordsPerRequest: number, distinct?: number): RequestPool {
  const build = (request: number) => ({
    resourceLogs: [
      {
        resource: resourceOf(request),
        scopeLogs: [
          { scope: { name: 'bench' }, logRecords: Array.from({ length: recordsPerRequest }, (_, i) => recordOf(i)) },
        ],
      },
    ],
  })
  return requestPool('logs', recordsPerRequest, build, distinct)
}

function recordOf(index: number) {
  const [severityNumber, severityText] = pick([
    [9, 'INFO'],
    [9, 'INFO'],
    [9, 'INFO'],
    [5, 'DEBUG'],
    [13, 'WARN'],
    [17, 'ERROR'],
  ] as const)
  return {
    timeUnixNano: justNow(),
    severityNumber,
    severityText,
    body: { stringValue: sentence(150) },
    traceId: markedTraceId(index),
    spanId: randomBytes(8),
    attributes: [
      text('logger', pick(['http', 'queue', 'store'])),
      text('http.route', pick(['/videos/:id', '/videos', '/search'])),
      text('video.id', hex(6)),
      text('codec', pick(['av1', 'h264', 'vp9'])),
      text('region', pick(['eu-west-1', 'us-east-1'])),
      text('thread', `worker-${randomInt(16)}`),
      integer('attempt', randomInt(3)),
      integer('bytes', randomInt(1_000_000)),
    ],
  }
}
