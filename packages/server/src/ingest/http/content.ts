import type { Encoding } from '@burstlet/otlp/signal'
import { unsupported } from '../bodies/ingest-error.ts'

/**
 * The OTLP encoding that a Content-Type names; parameters such as `charset` are allowed.
 * @throws IngestError 415
 */
export function encodingOf(contentType: string | undefined): Encoding {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/x-protobuf') return 'protobuf'
  if (type === 'application/json') return 'json'
  throw unsupported(
    `Content-Type ${type ? `"${type}"` : 'is missing'}; OTLP/HTTP is application/x-protobuf or application/json.`,
  )
}

/** The encoding to answer an error in; a request that named none is answered in JSON, which a person can read. */
export function answerEncodingOf(contentType: string | undefined): Encoding {
  return contentType?.trimStart().toLowerCase().startsWith('application/x-protobuf') ? 'protobuf' : 'json'
}

export const contentTypeOf: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}
