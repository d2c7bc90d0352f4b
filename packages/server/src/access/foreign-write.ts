import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether what changes something may come from another page than ours, which must not be served by a cookie of ours. A browser
 * says where a request comes from: `Sec-Fetch-Site` cannot be set by a page, and `Origin` comes with every request that is no
 * GET. `Origin: null` is a page that hides where it is (a sandbox, a referrer policy, a file), never ours.
 * @param publicOrigin of the page, where it is not the host that the request names
 */
export function isForeignWrite(
  { method, headers }: { readonly method: string; readonly headers: IncomingHttpHeaders },
  publicOrigin: string | undefined,
): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return true
  if (origin === undefined || !/^https?:\/\//.test(origin) || !URL.canParse(origin)) return true
  return new URL(origin).host !== host && origin !== publicOrigin
}
