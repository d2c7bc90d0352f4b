import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from './arguments.ts'

const tries = 4
const timeoutMs = 60_000

/** What is sent: JSON, compressed or not. */
export interface Sent {
  method: 'POST' | 'PUT'
  path: string
  query?: Record<string, string>
  body: string | Uint8Array
}

/**
 * Sends something to the API. While that is away or busy it is tried again, for a few seconds.
 * @throws Error with what the API said
 */
export async function send(target: Target, { method, path, query = {}, body }: Sent): Promise<void> {
  const url = new URL(`api/v1/monitoring${path}`, target.url.endsWith('/') ? target.url : `${target.url}/`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (target.key !== undefined) headers['authorization'] = `Bearer ${target.key}`
  if (typeof body !== 'string') headers['content-encoding'] = 'gzip'

  for (let tried = 1; ; tried++) {
    const failure = await attempt(url, { method, headers, body: body as BodyInit })
    if (failure === undefined) return
    if (!failure.mayPass || tried === tries) throw new Error(`${url.origin}: ${failure.reason}`)
    await sleep(500 * 2 ** tried)
  }
}

interface Failure {
  reason: string
  mayPass: boolean
}

async function attempt(url: URL, init: RequestInit): Promise<Failure | undefined> {
  let response: Response
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    return { reason: cause instanceof Error ? cause.message || cause.name : String(cause), mayPass: true }
  }
  const text = await response.text()
  if (response.ok) return undefined
  return { reason: `${response.status} ${detailOf(text)}`, mayPass: response.status === 429 || response.status >= 500 }
}

/** What the problem document says to a person; the body itself where it is none. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown }
    if (typeof detail === 'string') return detail
  } catch {
    // A proxy's page, shown as it is.
  }
  return text.slice(0, 500)
}
