import { randomUUID } from 'node:crypto'

const words = ['first', 'steps', 'city', 'night', 'cooking', 'guitar', 'travel', 'river', 'speed', 'garden'] as const
const plans = ['free', 'free', 'free', 'pro', 'team'] as const
const maxKnown = 200
const people = 50
const timeoutMs = 10_000

/** How the gateway knows whose a request is. */
interface Visitor {
  'x-user': string
  'x-session': string
}

/** People who upload, watch and search. What a visitor meets, an error too, is part of the show and never thrown. */
export class Visitors {
  readonly #gateway: string
  readonly #known: string[] = []
  readonly #people = Array.from({ length: people }, (_, index) => arrive(`user-${index + 1}`))

  constructor(gateway: string) {
    this.#gateway = gateway
  }

  /** Does one thing that visitors do. */
  async act(): Promise<void> {
    const dice = Math.random()
    const visitor = this.#next()
    try {
      if (this.#known.length === 0 || dice < 0.2) await this.#upload(visitor)
      else if (dice < 0.75) await this.#get(`/watch/${pick(this.#known)}`, visitor)
      else if (dice < 0.97) await this.#get(`/search?q=${pick(words)}`, visitor)
      else await this.#get(`/watch/${randomUUID()}`, visitor)
    } catch {
      // The gateway is closing, or too slow for a visitor.
    }
  }

  /** One of the people; now and then they have left and come again. */
  #next(): Visitor {
    const place = Math.floor(Math.random() * people)
    const visitor = this.#people[place]!
    if (Math.random() < 0.02) this.#people[place] = arrive(visitor['x-user'])
    return visitor
  }

  async #upload(visitor: Visitor): Promise<void> {
    const response = await fetch(`${this.#gateway}/uploads`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...visitor },
      body: JSON.stringify({
        title: `${pick(words)} ${pick(words)}`,
        plan: pick(plans),
        bytes: Math.ceil(10 ** (5 + Math.random() * 4)),
      }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = (await response.json()) as { id?: string }
    if (body.id === undefined) return
    this.#known.push(body.id)
    if (this.#known.length > maxKnown) this.#known.shift()
  }

  async #get(path: string, headers: Visitor): Promise<void> {
    const response = await fetch(`${this.#gateway}${path}`, {
      headers: { ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
  }
}

function arrive(user: string): Visitor {
  return { 'x-user': user, 'x-session': randomUUID() }
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T
}
