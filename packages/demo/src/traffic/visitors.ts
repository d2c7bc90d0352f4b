import { randomUUID } from 'node:crypto'

const WORDS = ['first', 'steps', 'city', 'night', 'cooking', 'guitar', 'travel', 'river', 'speed', 'garden'] as const
const PLANS = ['free', 'free', 'free', 'pro', 'team'] as const
const MAX_KNOWN = 200
const TIMEOUT_MS = 10_000

/** People who upload, watch and search. What a visitor meets, an error too, is part of the show and never thrown. */
export class Visitors {
  readonly #gateway: string
  readonly #known: string[] = []

  constructor(gateway: string) {
    this.#gateway = gateway
  }

  /** Does one thing that visitors do. */
  async act(): Promise<void> {
    const dice = Math.random()
    try {
      if (this.#known.length === 0 || dice < 0.2) await this.#upload()
      else if (dice < 0.75) await this.#get(`/watch/${pick(this.#known)}`)
      else if (dice < 0.97) await this.#get(`/search?q=${pick(WORDS)}`)
      else await this.#get(`/watch/${randomUUID()}`)
    } catch {
      // The gateway is closing, or too slow for a visitor.
    }
  }

  async #upload(): Promise<void> {
    const response = await fetch(`${this.#gateway}/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        title: `${pick(WORDS)} ${pick(WORDS)}`,
        plan: pick(PLANS),
        bytes: Math.ceil(10 ** (5 + Math.random() * 4)),
        userId: `user-${Math.ceil(Math.random() * 50)}`,
      }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body = (await response.json()) as { id?: string }
    if (body.id === undefined) return
    this.#known.push(body.id)
    if (this.#known.length > MAX_KNOWN) this.#known.shift()
  }

  async #get(path: string): Promise<void> {
    const response = await fetch(`${this.#gateway}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    await response.arrayBuffer()
  }
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T
}
