import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { IngestKey } from '../../access/key-ring.ts'
import { ApiError } from '../../http/errors/api-error.ts'
import { apiErrorOfIngest } from '../../ingest/api-error-of-ingest.ts'
import { encodingOf } from '../../ingest/http/content.ts'
import { announcedBytes } from '../../ingest/http/read-body.ts'
import { receiveOver } from '../../ingest/http/server.ts'
import type { Receiver } from '../../ingest/receiver.ts'
import { spaceOf } from '../../querying/context/request-context.ts'

/** Below the API, so that the page speaks to its own origin only and the session decides. */
export const pageTelemetryPath = '/page-telemetry'

/** What a page sends at once is a few kilobytes. */
const maxBytes = 1024 * 1024
/** In the place of an ingest key's name. */
const key = 'page'

/** Takes in what the page says of itself: spans and logs, as OTLP/HTTP. */
export async function pageTelemetryRoutes(app: FastifyInstance, { receiver }: { receiver: Receiver }): Promise<void> {
  app.removeAllContentTypeParsers()
  // The body is read by the receiver, which counts it as it arrives.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  for (const signal of ['traces', 'logs'] as const) {
    app.post(
      `${pageTelemetryPath}/v1/${signal}`,
      { config: { scope: 'ingest' }, schema: { hide: true } },
      async (request) => {
        const { raw } = request
        if (!(announcedBytes(raw) <= maxBytes)) throw new ApiError('PAYLOAD_TOO_LARGE', `At most ${maxBytes} bytes.`)
        return receive(raw, receiver, signal, { name: key, space: spaceOf(request) })
      },
    )
  }
}

async function receive(
  raw: FastifyRequest['raw'],
  receiver: Receiver,
  signal: 'traces' | 'logs',
  ingestKey: IngestKey,
) {
  try {
    await receiveOver({ raw, ingestKey }, receiver, signal, encodingOf(raw.headers['content-type']))
    return {}
  } catch (error) {
    throw apiErrorOfIngest(error)
  }
}
