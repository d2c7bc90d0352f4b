import { quotedName, stringLiteral } from '../sql/literal.ts'
import type { Role } from './config-file.ts'
import { Connection } from './connection.ts'

/** What a connection is set to before a statement runs on it. */
export interface SessionState {
  readonly database: string | undefined
  readonly settings: ReadonlyMap<string, string>
  /** Whose grants a statement has. */
  readonly role: Role
  /** Locks the settings. */
  readonly readonly: string | undefined
}

/** Characters; some way below ClickHouse's default of 256 KiB. */
const longChange = 64 * 1024

/**
 * Connections that are set to what a statement asks for. To open one and to set it costs as much as a small statement,
 * so those that reads leave behind wait for the next one that asks for the same, up to `maxIdle` of them.
 */
export class Sessions {
  readonly #args: readonly string[]
  readonly #maxIdle: number
  /** The one that was used last comes last. */
  #idle: { readonly key: string; readonly connection: Connection }[] = []

  /** @param args of the engine, for each connection */
  constructor(args: readonly string[], maxIdle: number) {
    this.#args = args
    this.#maxIdle = maxIdle
  }

  async open(state: SessionState): Promise<Connection> {
    const key = keyOf(state)
    const at = this.#idle.findLastIndex((idle) => idle.key === key)
    if (at !== -1) return this.#idle.splice(at, 1)[0]!.connection
    const connection = await Connection.open(this.#args)
    try {
      await prepare(connection, state)
      return connection
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /** Takes back a connection whose last statement succeeded, and left it as it was. */
  async keep(state: SessionState, connection: Connection): Promise<void> {
    this.#idle.push({ key: keyOf(state), connection })
    if (this.#idle.length > this.#maxIdle) await this.#idle.shift()!.connection.close()
  }

  async close(): Promise<void> {
    const idle = this.#idle
    this.#idle = []
    for (const { connection } of idle) await connection.close()
  }
}

function keyOf({ database, settings, role, readonly }: SessionState): string {
  return JSON.stringify([database, role, readonly, ...[...settings].sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** `USE` asks for a grant on the database, so the role comes after it; `readonly` comes last, since it locks the rest. */
async function prepare(connection: Connection, { database, settings, role, readonly }: SessionState): Promise<void> {
  const changes = [...settings].map(([name, value]) => `${name} = ${stringLiteral(value)}`)
  const change = `SET ${changes.join(', ')}`
  // A setting may be longer than a statement may be; the statement's own length was checked before.
  if (change.length > longChange) await connection.run(`SET max_query_size = ${2 * Buffer.byteLength(change)}`)
  if (changes.length > 0) await connection.run(change)
  if (database !== undefined && database !== 'default') await connection.run(`USE ${quotedName(database)}`)
  await connection.run(`SET ROLE ${role}`)
  if (readonly !== undefined) await connection.run(`SET readonly = ${stringLiteral(readonly)}`)
}
