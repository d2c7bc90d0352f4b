import { createHmac, randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import type { Database, Transaction } from '../storage/database/database.ts'
import type { SessionsTable } from '../storage/database/tables.ts'

/** Long enough to change from the terminal to the browser. */
const linkMs = 15 * 60_000
export const sessionSeconds = 30 * 24 * 3600

/** A browser that is signed in. Times are epoch ms. */
export interface Session {
  readonly id: string
  readonly createdAt: number
  readonly expiresAt: number
  /** What the browser called itself. */
  readonly userAgent: string
}

/**
 * Sign-in links, each good for one session, and sessions, in the relational store. Tokens are random; of them there are only HMACs
 * under the secret key there, so that whoever reads or writes the store alone makes no session.
 */
export class Sessions {
  readonly #database: Database
  readonly #key: Uint8Array

  /** @param key 32 bytes, derived for this purpose alone */
  constructor(database: Database, key: Uint8Array) {
    this.#database = database
    this.#key = key
  }

  /** The token of a new link, good for a quarter of an hour. */
  async issueLink(now = Date.now()): Promise<string> {
    const token = newToken()
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('sign_in_links').where('expires_at', '<', now).execute()
      await transaction
        .insertInto('sign_in_links')
        .values({ token_hash: this.#hash(token), expires_at: now + linkMs })
        .execute()
    })
    return token
  }

  /** Opens a session for a link that was not used before. @returns its token; undefined when the link is no longer good */
  async open(linkToken: string, userAgent: string, now = Date.now()): Promise<string | undefined> {
    // A link whose session could not be stored is still good.
    return this.#database.transaction().execute((transaction) => this.#openIn(transaction, linkToken, userAgent, now))
  }

  async #openIn(
    transaction: Transaction,
    linkToken: string,
    userAgent: string,
    now: number,
  ): Promise<string | undefined> {
    // Of several that come at once, one deletes the row.
    const { numDeletedRows } = await transaction
      .deleteFrom('sign_in_links')
      .where('token_hash', '=', this.#hash(linkToken))
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (numDeletedRows !== 1n) return undefined
    const token = newToken()
    await transaction.deleteFrom('sessions').where('expires_at', '<', now).execute()
    await transaction
      .insertInto('sessions')
      .values({
        id: v7(),
        token_hash: this.#hash(token),
        created_at: now,
        expires_at: now + sessionSeconds * 1000,
        user_agent: userAgent.slice(0, 300),
      })
      .execute()
    return token
  }

  /**
   * Reads the store each time, so that a session which is ended anywhere is refused everywhere from then on. That takes some 35 µs of
   * SQLite; the HMAC alone is half of it.
   * @returns undefined when there is none, or it has ended
   */
  async find(token: string | undefined, now = Date.now()): Promise<Session | undefined> {
    if (!token) return undefined
    const row = await this.#database
      .selectFrom('sessions')
      .selectAll()
      .where('token_hash', '=', this.#hash(token))
      .where('expires_at', '>', now)
      .executeTakeFirst()
    return row && sessionOf(row)
  }

  /** Those that have not ended, the newest first. */
  async list(now = Date.now()): Promise<Session[]> {
    const rows = await this.#database
      .selectFrom('sessions')
      .selectAll()
      .where('expires_at', '>', now)
      .orderBy('created_at', 'desc')
      .limit(1000)
      .execute()
    return rows.map(sessionOf)
  }

  /** @returns whether there was one */
  async end(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#database.deleteFrom('sessions').where('id', '=', id).executeTakeFirst()
    return numDeletedRows > 0n
  }

  #hash(token: string): string {
    return createHmac('sha256', this.#key).update(token).digest('base64url')
  }
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

function sessionOf({ id, created_at, expires_at, user_agent }: SessionsTable): Session {
  return { id, createdAt: created_at, expiresAt: expires_at, userAgent: user_agent }
}
