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
  /** Every body once. */
  readonly bodies: readonly Uint8Array[]
}

export interface SendResult {
  readonly seconds: number
  /** Answers other than 200; their bodies were sent again until they were taken. */
  readonly refused: number
  /** Of every acknowledged request, milliseconds, in ascending order. */
  readonly latencies: readonly number[]
}

/** After a refusal. */
const pauseMs = 50

/** Sends each body until it is acknowledged; each connection its next one when the last was answered. */
export async function send({ address, signal, connections, gzip, bodies }: Load): Promise<SendResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const url = `${address}/v1/${signal}`
  const latencies: number[] = []
  let refused = 0
  let next = 0
  const started = performance.now()
  const sender = async () => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      for (;;) {
        const sent = performance.now()
        if ((await post(url, agent, body, gzip)) === 200) {
          latencies.push(performance.now() - sent)
          break
        }
        refused++
        await sleep(pauseMs)
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  agent.destroy()
  return { seconds: (performance.now() - started) / 1000, refused, latencies: latencies.sort((a, b) => a - b) }
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
