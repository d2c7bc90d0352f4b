import { Agent, request } from 'node:http'
import type { RequestPool } from './payloads/request-pool.ts'

export interface SendResult {
  readonly seconds: number
  readonly acknowledgedItems: number
  readonly refusedRequests: number
  /** Of every acknowledged request, milliseconds, in ascending order. */
  readonly latencies: Float64Array
}

/** Sends from `connections` sockets, each its next request when the last was answered, until `seconds` are over. */
export async function send(
  address: string,
  pool: RequestPool,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const url = `${address}/v1/${pool.signal}`
  const started = performance.now()
  const latencies: number[] = []
  let refused = 0
  const sender = async () => {
    while (performance.now() - started < seconds * 1000) {
      const sent = performance.now()
      if ((await post(url, agent, pool.next())) === 200) latencies.push(performance.now() - sent)
      else refused++
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  agent.destroy()
  return {
    seconds: (performance.now() - started) / 1000,
    acknowledgedItems: latencies.length * pool.itemsPerRequest,
    refusedRequests: refused,
    latencies: Float64Array.from(latencies).sort(),
  }
}

function post(url: string, agent: Agent, body: Uint8Array): Promise<number> {
  const headers = { 'content-type': 'application/x-protobuf', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
