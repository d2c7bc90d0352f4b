import { connect } from 'node:http2'
import { spanRequests } from '../payloads/spans.ts'

const spansOfRequest = 100
const pauseMs = 50
/** What exporters wait by default. */
const timeoutMs = 10_000

/** How the requests of well-behaved clients went. */
export interface Latencies {
  /** Milliseconds, in the order of the requests; those that failed are left out. */
  readonly milliseconds: number[]
  failed: number
}

/** Sends small requests over HTTP, one after the other, until `signal` says that it is enough. */
export async function sendOverHttp(address: string, signal: AbortSignal): Promise<Latencies> {
  const pool = spanRequests(spansOfRequest)
  return await repeat(signal, async () => {
    const response = await fetch(`${address}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Uint8Array.from(pool.next()),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
    return response.ok
  })
}

/** The same over gRPC, on one connection. */
export async function sendOverGrpc(address: string, signal: AbortSignal): Promise<Latencies> {
  const pool = spanRequests(spansOfRequest)
  const session = connect(address).on('error', () => {})
  const latencies = await repeat(signal, async () => {
    const message = pool.next()
    const head = Buffer.alloc(5)
    head.writeUInt32BE(message.length, 1)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const hear = (fields: Record<string, unknown>) => {
      if ('grpc-status' in fields) resolve(fields['grpc-status'] === '0')
    }
    stream.on('response', hear).on('trailers', hear)
    stream.on('error', () => resolve(false)).on('close', () => resolve(false))
    stream.setTimeout(timeoutMs, () => stream.close())
    stream.end(Buffer.concat([head, message]))
    stream.resume()
    return await promise
  })
  session.destroy()
  return latencies
}

async function repeat(signal: AbortSignal, send: () => Promise<boolean>): Promise<Latencies> {
  const latencies: Latencies = { milliseconds: [], failed: 0 }
  while (!signal.aborted) {
    const began = performance.now()
    const isGood = await send().catch(() => false)
    if (isGood) latencies.milliseconds.push(performance.now() - began)
    else latencies.failed++
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return latencies
}
