import { isIPv6 } from 'node:net'
import { MemoryBudget } from './memory-budget.ts'

/** Who sends a body, as far as limits go. */
export interface Sender {
  /** The socket or session; several bodies at a time may come over one. */
  readonly connection: object
  /** IP address of the peer. */
  readonly address: string | undefined
  /** Whether it has shown a key: those that have are told apart from strangers who come from the same address. */
  readonly hasKey: boolean
}

/** Bodies up to this size are small. */
const smallBytes = 1024 * 1024
/** Of the budget of a peer, and of all. */
const reservedShare = 1 / 4

/** Limits in bytes. */
export interface SenderLimits {
  readonly total: number
  /** Of the bodies of one connection. */
  readonly connection: number
  /** Of all bodies that come from one address without a key. */
  readonly peer: number
}

interface Peer {
  readonly budget: MemoryBudget
  bodies: number
}

/**
 * The budgets that a body counts against: that of its connection, that of its peer if it has shown no key, and that of
 * all. So nobody who can be told apart from others takes what all have, and nobody's large bodies what small ones need.
 */
export class SenderBudgets {
  readonly #limits: SenderLimits
  readonly #total: MemoryBudget
  readonly #connections = new WeakMap<object, MemoryBudget>()
  readonly #peers = new Map<string, Peer>()

  constructor(limits: SenderLimits) {
    this.#limits = limits
    this.#total = new MemoryBudget(limits.total, limits.total * reservedShare)
  }

  /** For one body; a body of nobody, which the server itself makes, counts against the total only. */
  open(sender: Sender | undefined): BodyBudget {
    if (!sender) return new BodyBudget([this.#total], () => {})
    const budgets = [this.#total, this.#ofConnection(sender.connection)]
    if (sender.hasKey) return new BodyBudget(budgets, () => {})
    const name = peerName(sender.address)
    const peer = this.#peers.get(name) ?? {
      budget: new MemoryBudget(this.#limits.peer, this.#limits.peer * reservedShare),
      bodies: 0,
    }
    this.#peers.set(name, peer)
    peer.bodies++
    return new BodyBudget([...budgets, peer.budget], () => {
      if (--peer.bodies === 0) this.#peers.delete(name)
    })
  }

  #ofConnection(connection: object): MemoryBudget {
    const known = this.#connections.get(connection)
    if (known) return known
    const budget = new MemoryBudget(this.#limits.connection)
    this.#connections.set(connection, budget)
    return budget
  }
}

/** What one body has taken of every budget that it counts against. */
export class BodyBudget {
  readonly #budgets: readonly MemoryBudget[]
  readonly #onClosed: () => void
  #taken = 0

  constructor(budgets: readonly MemoryBudget[], onClosed: () => void) {
    this.#budgets = budgets
    this.#onClosed = onClosed
  }

  /** The smallest of the limits. */
  get limit(): number {
    return Math.min(...this.#budgets.map(({ limit }) => limit))
  }

  /** Whether the body could become so large now. */
  has(bytes: number): boolean {
    const more = bytes - this.#taken
    return this.#budgets.every((budget) => more <= budget.free(bytes <= smallBytes))
  }

  /** Makes the body count as `bytes`, if there is room for it; else leaves all as it was. */
  resize(bytes: number): boolean {
    const more = bytes - this.#taken
    if (more > 0 && !this.has(bytes)) return false
    for (const budget of this.#budgets) {
      if (more > 0) budget.take(more)
      else budget.release(-more)
    }
    this.#taken = bytes
    return true
  }

  /** To be called once. */
  close(): void {
    this.resize(0)
    this.#onClosed()
  }
}

/** An address, or the /64 network of an IPv6 address, which one host may have all to itself. */
export function peerName(address: string | undefined): string {
  const name = address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  if (!isIPv6(name)) return name
  const [head = '', tail] = name.split('%', 1)[0]!.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const given = [groups(head), groups(tail)] as const
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - given[0].length - given[1].length)
  const all = [...given[0], ...Array<string>(zeros).fill('0'), ...given[1]]
  return `${all
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
