import type { IncomingMessage } from 'node:http'
import type { ArrivingBody } from '../bodies/body-memory.ts'
import { type BodyTimeouts, BodyTimer, defaultBodyTimeouts } from '../bodies/body-timer.ts'
import { acceptedContentCodings, type Compression, compressionNamed } from '../bodies/export-request.ts'
import { sawBuffer } from '../bodies/garbage-collection.ts'
import { tooSlow, UnknownCoding, undecodable } from '../bodies/ingest-error.ts'

/**
 * The coding that a `Content-Encoding` names.
 * @throws IngestError 415
 */
export function compressionOf(header: string | undefined): Compression {
  const name = header?.trim().toLowerCase() || 'identity'
  const known = compressionNamed(name)
  if (known === undefined) {
    throw new UnknownCoding(`Content-Encoding "${name.slice(0, 100)}" is not known; send ${acceptedContentCodings}.`)
  }
  return known
}

/**
 * Reads a request body as it was sent. The limit is decided while reading, never after.
 * @param body where it goes; the caller releases it when it is done, also after a failure
 * @throws IngestError 400, 408, 413 or 503
 */
export async function readBody(
  request: IncomingMessage,
  body: ArrivingBody,
  timeouts: BodyTimeouts = defaultBodyTimeouts,
): Promise<void> {
  body.announce(announcedBytes(request) || 0)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = new BodyTimer(timeouts, () => fail(tooSlow()))
  const detach = () => {
    timer.stop()
    return request.off('data', append).off('end', end).off('close', cut)
  }
  const fail = (error: unknown) => {
    // The stream stays: its socket still has to carry the answer.
    detach().pause()
    reject(error)
  }
  const append = (chunk: Buffer) => {
    try {
      body.append(chunk)
      timer.progressed()
      sawBuffer(chunk.length)
    } catch (error) {
      fail(error)
    }
  }
  const end = () => {
    detach()
    resolve()
  }
  const cut = () => fail(undecodable('The request ended before its body did.'))
  request.on('data', append).on('end', end).on('close', cut).once('error', cut)
  await promise
}

/** As its header says; NaN when it does not. */
export function announcedBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'])
}
