import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Database } from '../../storage/database/database.ts'
import type { Spool } from '../spool/spool.ts'

/** What is done to rows that ClickHouse refused. */
export type DeadLetterAction = 'retry' | 'drop'

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('unknown') }),
  /** ClickHouse refused them once more. */
  z.object({ kind: z.literal('refused'), error: z.string() }),
  /** It was not done, and may be later. */
  z.object({ kind: z.literal('failed'), error: z.string() }),
])
export type DeadLetterOutcome = z.infer<typeof outcome>

export interface DeadLetterOrder {
  /** Of whoever gives it. */
  readonly space: string
  readonly segment: string
  readonly action: DeadLetterAction
}

/** Sends refused rows of this process's spool once more, or gives them up. */
export async function actOnDeadLetter(
  spool: Pick<Spool, 'retryRefused' | 'dropRefused'>,
  { space, segment, action }: DeadLetterOrder,
): Promise<DeadLetterOutcome> {
  if (action === 'drop') {
    const dropped = await spool.dropRefused(segment, space)
    if (dropped === 'shared') return { kind: 'refused', error: `Segment ${segment} has rows of other spaces, too.` }
    return { kind: dropped === 'dropped' ? 'done' : 'unknown' }
  }
  const answer = await spool.retryRefused(segment, space)
  if (answer === 'inserted') return { kind: 'done' }
  return answer === 'unknown' ? { kind: 'unknown' } : { kind: 'refused', error: answer.error }
}

const everyMs = 200
const patienceMs = 20_000

/**
 * Orders through the relational store, for what only the process that has a spool can do to it. An order is for one segment; a
 * later one takes the place of an earlier.
 */
export class DeadLetterOrders {
  readonly #database: Database
  readonly #id: string
  readonly #spool: Pick<Spool, 'retryRefused' | 'dropRefused'>

  /** @param id of this process's spool */
  constructor(database: Database, id: string, spool: Pick<Spool, 'retryRefused' | 'dropRefused'>) {
    this.#database = database
    this.#id = id
    this.#spool = spool
  }

  /** Gives an order to the process that has the spool, and waits until it is done. */
  async give(process: string, { space, segment, action }: DeadLetterOrder): Promise<DeadLetterOutcome> {
    const order = { space, action, outcome: null }
    await this.#database
      .insertInto('dead_letter_orders')
      .values({ process, segment, ...order })
      .onConflict((conflict) => conflict.columns(['process', 'segment']).doUpdateSet(order))
      .execute()
    const until = performance.now() + patienceMs
    let done: DeadLetterOutcome | undefined
    while (!done && performance.now() < until) {
      await sleep(everyMs)
      const row = await this.#order(process, segment).select('outcome').executeTakeFirst()
      // Somebody else asked for the same, and took the answer away.
      if (!row) return { kind: 'unknown' }
      if (row.outcome !== null) done = outcome.parse(JSON.parse(row.outcome))
    }
    await this.#database
      .deleteFrom('dead_letter_orders')
      .where('process', '=', process)
      .where('segment', '=', segment)
      .execute()
    return done ?? { kind: 'failed', error: 'The process that has these rows does not answer.' }
  }

  /** Does what this process was ordered to do. */
  async carryOut(): Promise<void> {
    const orders = await this.#database
      .selectFrom('dead_letter_orders')
      .select(['space', 'segment', 'action'])
      .where('process', '=', this.#id)
      .where('outcome', 'is', null)
      .execute()
    for (const order of orders) {
      const done = await actOnDeadLetter(this.#spool, order).catch(
        (error: unknown): DeadLetterOutcome => ({
          kind: 'failed',
          error: error instanceof Error ? error.message : String(error),
        }),
      )
      await this.#database
        .updateTable('dead_letter_orders')
        .set({ outcome: JSON.stringify(done) })
        .where('process', '=', this.#id)
        .where('segment', '=', order.segment)
        .execute()
    }
  }

  #order(process: string, segment: string) {
    return this.#database.selectFrom('dead_letter_orders').where('process', '=', process).where('segment', '=', segment)
  }
}
