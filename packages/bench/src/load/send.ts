import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Signal } from '@burstlet/testkit/captures'

/** What to send, and how. */
export interface Load {
  /** Of an OTLP/HTTP receiver. */
  readonly address: string
  readonly signal: Signal
  readonly connections: number
  readonly gzip: boolean
  /** Requests a second, all connections together; as many as are answered when unset. */
  readonly rate?: number | undefined
  /** Taken one by one until there is none left. */
  readonly bodies: Iterator<Uint8Array>
}

export interface SendResult {
  readonly seconds: number
  /** Requests that were acknowledged. */
  readonly requests: number
  /** Answers other than 200; their bodies were sent again until they were taken. */
  readonly refused: number
  /** Of the acknowledged requests, milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of the load generator, from the first request to the last answer. */
  readonly cpuSeconds: number
}

/** After a refusal. */
const pauseMs = 50

/** Sends each body until it is acknowledged; each connection its next one when the last was answered. */
export async function send({ address, signal, connections, gzip, rate, bodies }: Load): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const url = `${address}/v1/${signal}`
  const latencies: number[] = []
  let refused = 0
  let begun = 0
  const started = performance.now()
  const cpu = process.cpuUsage()
  const sender = async () => {
    while (true) {
      if (rate !== undefined) await sleep(Math.max(0, started + (begun++ / rate) * 1000 - performance.now()))
      const { value: body, done } = bodies.next()
      if (done) return
      const sent = performance.now()
      while ((await post(url, agent, body, gzip)) !== 200) {
        refused++
        await sleep(pauseMs)
      }
      latencies.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  agent.destroy()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const sorted = Float64Array.from(latencies).sort()
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
  return {
    seconds,
    requests: sorted.length,
    refused,
    p50: quantile(0.5),
    p99: quantile(0.99),
    cpuSeconds: (user + system) / 1e6,
  }
}

function post(url: string, agent: Agent, body: Uint8Array, gzip: boolean): Promise<number> {
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-length': body.length,
    ...(gzip && { 'content-encoding': 'gzip' }),
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
