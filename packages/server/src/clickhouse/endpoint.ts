import type { ClickhouseEndpoint } from './connection.ts'

export const defaultDatabase = 'burstlet'

/** `http://user:password@host:8123/database` as an endpoint; one user both reads and writes. */
export function endpointOf(clickhouseUrl: string): ClickhouseEndpoint {
  const url = new URL(clickhouseUrl)
  const credentials = {
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
  }
  return {
    url: `${url.protocol}//${url.host}`,
    database: decodeURIComponent(url.pathname.slice(1)) || defaultDatabase,
    writer: credentials,
    reader: credentials,
    readsLocalFiles: false,
  }
}
