import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export const spansPerBody = 25

/** What a client knows of its bodies: number of the trace that is all of one body -> whether it was acknowledged. */
export type Ledger = Map<number, 'sent' | 'acknowledged'>

export interface LoadOptions {
  readonly workers?: number
  /** Of the first body. */
  readonly first?: number
  /** Of a worker between two bodies. */
  readonly pauseMs?: number
  /** After which an answer is given up, and the same body sent again. */
  readonly answerPatienceMs?: number
}

/** Sends bodies as SDKs do, several at a time: the same bytes again after a lost answer or a 503, until they are taken. */
export class Load {
  readonly ledger: Ledger = new Map()
  /** Bodies so far. */
  acknowledged = 0
  readonly #address: () => string
  readonly #workers: Promise<void>[]
  readonly #agent = new Agent({ keepAlive: true })
  readonly #answerPatienceMs: number
  readonly #pauseMs: number
  #stopping = false
  #next: number

  /** @param address of the server of the moment; it moves when the server is started again */
  constructor(
    address: () => string,
    { workers = 6, first = 1, pauseMs = 0, answerPatienceMs = 30_000 }: LoadOptions = {},
  ) {
    this.#address = address
    this.#next = first
    this.#answerPatienceMs = answerPatienceMs
    this.#pauseMs = pauseMs
    this.#workers = Array.from({ length: workers }, () => this.#work())
  }

  /** Starts no new body; those under way are sent until they are acknowledged, or `patienceMs` is over. */
  async stop(patienceMs = 20_000): Promise<void> {
    this.#stopping = true
    await Promise.race([Promise.all(this.#workers), sleep(patienceMs, undefined, { ref: false })])
    this.#agent.destroy()
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const number = this.#next++
      const body = bodyOf(number)
      this.ledger.set(number, 'sent')
      while (true) {
        const status = await this.#post(body)
        if (status === 200) break
        await sleep(20 + Math.random() * 60)
      }
      this.ledger.set(number, 'acknowledged')
      this.acknowledged++
      if (this.#pauseMs > 0) await sleep(this.#pauseMs)
    }
  }

  /** The answer's status; 0 when there was none. */
  #post(body: Buffer): Promise<number> {
    return new Promise((resolve) => {
      const outgoing = request(
        `${this.#address()}/v1/traces`,
        {
          method: 'POST',
          agent: this.#agent,
          headers: { 'content-type': 'application/json', 'content-length': body.length },
          timeout: this.#answerPatienceMs,
        },
        (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0))
          answer.on('error', () => resolve(0))
        },
      )
      outgoing.on('timeout', () => outgoing.destroy())
      outgoing.on('error', () => resolve(0))
      outgoing.end(body)
    })
  }
}

/** One trace, whose id is `number`. */
export function bodyOf(number: number): Buffer {
  const start = BigInt(Date.now()) * 1_000_000n
  const traceId = number.toString(16).padStart(32, '0')
  const spans = Array.from({ length: spansPerBody }, (_, i) => ({
    traceId,
    spanId: (number * spansPerBody + i + 1).toString(16).padStart(16, '0'),
    name: `work ${i % 5}`,
    kind: 2,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + BigInt(i) * 1_000_000n),
    attributes: [{ key: 'number', value: { intValue: String(number) } }],
  }))
  const attributes = [{ key: 'service.name', value: { stringValue: 'load' } }]
  return Buffer.from(JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] }))
}
