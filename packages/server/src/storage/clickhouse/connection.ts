import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { ClickhouseUnavailableError } from './reader.ts'

/** Where ClickHouse is, and as whom to speak to it. */
export interface ClickhouseEndpoint {
  readonly url: string
  readonly database: string
  readonly writer: Credentials
  readonly reader: Credentials
  /** For SQL that a person wrote. */
  readonly guest: Credentials
  /** Whether an INSERT may name a file of the spool (`local_file`) instead of carrying its bytes. */
  readonly readsLocalFiles: boolean
}

type User = 'writer' | 'reader' | 'guest'

export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The clients of the moment. The embedded engine comes back at another port, with other passwords, after a crash. */
export class ClickhouseConnection {
  #clients: (Record<User, ClickHouseClient> & { endpoint: ClickhouseEndpoint }) | undefined

  /** Speaks to `endpoint` from now on. */
  async use(endpoint: ClickhouseEndpoint): Promise<void> {
    const old = this.#clients
    this.#clients = {
      writer: clientFor(endpoint, endpoint.writer, 300_000, true),
      // A query that is aborted closes its socket; kept-alive ones of other queries have been seen to break with it.
      reader: clientFor(endpoint, endpoint.reader, 60_000, false),
      guest: clientFor(endpoint, endpoint.guest, 60_000, false),
      endpoint,
    }
    await closeAll(old)
  }

  /** Nobody to speak to, until the next `use`. */
  async drop(): Promise<void> {
    const old = this.#clients
    this.#clients = undefined
    await closeAll(old)
  }

  /** For inserts and definitions. @throws ClickhouseUnavailableError */
  get writer(): ClickHouseClient {
    return this.#get().writer
  }

  /** For questions of this program. @throws ClickhouseUnavailableError */
  get reader(): ClickHouseClient {
    return this.#get().reader
  }

  /** For SQL that a person wrote. @throws ClickhouseUnavailableError */
  get guest(): ClickHouseClient {
    return this.#get().guest
  }

  /** Where the clients of the moment go. @throws ClickhouseUnavailableError */
  get endpoint(): ClickhouseEndpoint {
    return this.#get().endpoint
  }

  #get() {
    if (!this.#clients) throw new ClickhouseUnavailableError('ClickHouse is starting or away.')
    return this.#clients
  }
}

async function closeAll(clients: Record<User, ClickHouseClient> | undefined): Promise<void> {
  await Promise.all([clients?.writer.close(), clients?.reader.close(), clients?.guest.close()])
}

function clientFor(
  endpoint: ClickhouseEndpoint,
  user: Credentials,
  timeoutMs: number,
  keepAlive: boolean,
): ClickHouseClient {
  return createClient({
    url: endpoint.url,
    database: endpoint.database,
    username: user.username,
    password: user.password,
    request_timeout: timeoutMs,
    max_open_connections: 16,
    keep_alive: { enabled: keepAlive },
    // The embedded engine reads its inserts from files; to another one they travel. zstd takes much less CPU than gzip.
    compression: { request: endpoint.readsLocalFiles ? false : { codec: 'zstd', level: 1 } },
    // Errors are logged where they are handled; the client's own lines would repeat them.
    log: { level: 127 },
    application: 'burstlet-monitoring',
  })
}
