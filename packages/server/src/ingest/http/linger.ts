import type { IncomingMessage } from 'node:http'

/**
 * Reads and throws away what a refused client still sends, up to a bound. A socket that is closed with unread bytes is
 * reset, and a client whose socket is reset while it writes never sees the answer: it would send the same body again.
 */
export async function linger(request: IncomingMessage, maxBytes = 256 * 1024 * 1024, maxMs = 2000): Promise<void> {
  if (request.complete || request.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  let read = 0
  const onData = (chunk: Buffer) => {
    read += chunk.length
    if (read > maxBytes) resolve()
  }
  const timer = setTimeout(resolve, maxMs)
  request.on('data', onData).once('end', resolve).once('close', resolve).once('error', resolve).resume()
  await promise
  clearTimeout(timer)
  request.off('data', onData).pause()
}
