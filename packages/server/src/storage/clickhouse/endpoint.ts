import type { ClickhouseEndpoint, Credentials } from './connection.ts'

export const defaultDatabase = 'burstlet'

/**
 * `http://user:password@host:8123/database` as an endpoint.
 * @param readerUrl whose user reads; the same one reads and writes when unset
 * @param sqlUrl as whose user SQL of people runs; that of `readerUrl` when unset
 */
export function endpointOf(clickhouseUrl: string, readerUrl = clickhouseUrl, sqlUrl = readerUrl): ClickhouseEndpoint {
  const url = new URL(clickhouseUrl)
  return {
    url: `${url.protocol}//${url.host}`,
    database: decodeURIComponent(url.pathname.slice(1)) || defaultDatabase,
    writer: credentialsOf(url),
    reader: credentialsOf(new URL(readerUrl)),
    guest: credentialsOf(new URL(sqlUrl)),
    readsLocalFiles: false,
  }
}

function credentialsOf(url: URL): Credentials {
  return {
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  }
}
