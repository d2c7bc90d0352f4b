import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetters, IngestResponse } from '@burstlet/contract/ingest'
import { seeded } from '@burstlet/testkit/fuzz/random'
import type { TestServer } from '@burstlet/testkit/server'
import { HostileRequests } from './hostile-requests.ts'
import { GrpcSender, HttpSender } from './hostile-senders.ts'

export interface HostileOptions {
  readonly seed: number
  /** Requests; or as many as `untilMs` allows. */
  readonly requests: number
  /** Milliseconds since 1970. */
  readonly untilMs?: number
  /** Requests after which the server's memory is what it needs; what it has more at the end is growth. */
  readonly warmRequests: number
  readonly onProgress?: (progress: HostileProgress) => void
}

export interface HostileProgress {
  readonly sent: number
  /** How often each kind of request had each answer. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Resident bytes of the server: once it was warm, most since, and now; in a result, when the last request was answered. */
  readonly memory: { readonly warm: number; readonly most: number; readonly now: number }
}

export interface HostileResult extends HostileProgress {
  /** What should not have been, at most so many; empty is good. */
  readonly faults: readonly string[]
}

const senders = 12
const maxFaults = 20

/** Sends broken requests to a server over HTTP and gRPC, several at a time, then looks at what it is left in. */
export async function sendHostile(server: TestServer, options: HostileOptions): Promise<HostileResult> {
  const requests = new HostileRequests(options.seed)
  const outcomes: Record<string, Record<string, number>> = {}
  const faults: string[] = []
  const memory = { warm: 0, most: 0, now: 0 }
  let next = 0
  const isOver = () => next >= options.requests || Date.now() > (options.untilMs ?? Number.POSITIVE_INFINITY)
  const work = async (sender: HttpSender | GrpcSender) => {
    while (!isOver()) {
      const number = next++
      const request = requests.request(number)
      const { outcome, fault } = await sender
        .send(request, seeded(options.seed ^ number))
        .catch((error: unknown) => ({ outcome: 'no answer', fault: String(error) }))
      outcomes[request.kind] ??= {}
      const ofKind = outcomes[request.kind]!
      ofKind[outcome] = (ofKind[outcome] ?? 0) + 1
      if (fault !== undefined && faults.length < maxFaults) {
        const { signal, encoding, compression, kind, body } = request
        const what = Buffer.from(body).toString('base64').slice(0, 4000)
        faults.push(`request ${number} (${kind}, ${signal}, ${encoding}, ${compression}): ${fault}\n  ${what}`)
      }
      if (number % 250 !== 249) continue
      memory.now = residentBytes(server.pid)
      if (number <= options.warmRequests) memory.warm = memory.now
      else memory.most = Math.max(memory.most, memory.now)
      options.onProgress?.({ sent: next, outcomes, memory })
    }
  }
  const all = Array.from({ length: senders }, (_, i) =>
    i % 3 === 2 ? new GrpcSender(server.otlpGrpc) : new HttpSender(server.otlpHttp),
  )
  await Promise.all(all.map(work))
  for (const sender of all) sender.close()
  // Before the questions: an answer of a thousand logs of a megabyte is a hundred times what a request of these takes.
  memory.now = residentBytes(server.pid)
  faults.push(...(await aftermath(server)))
  return { sent: next, outcomes, memory, faults }
}

/** Whether all that was taken could be stored, and whether every question is still answered. */
async function aftermath(server: TestServer): Promise<string[]> {
  const faults: string[] = []
  await Promise.race([server.settled(), sleep(60_000, undefined, { ref: false })])
  const ingest = await server.get<IngestResponse>('/ingest')
  if (ingest.spool.segments > 0) faults.push(`the spool does not get empty: ${ingest.inserts.lastError}`)
  for (const { table, error } of (await server.get<DeadLetters>('/ingest/refused')).items) {
    faults.push(`ClickHouse refused rows of ${table}: ${error.slice(0, 300)}`)
  }
  for (const { status, count } of ingest.refusals) {
    if (status >= 500 && status !== 503) faults.push(`${count} requests were answered ${status}`)
  }
  const always = 'from=1970-01-01T00:00:00Z&to=2262-04-11T00:00:00Z'
  for (const path of [
    '/services?from=now-1h',
    '/overview?from=now-1h',
    `/traces?${always}`,
    `/logs?${always}&limit=1000`,
    `/logs?${always}&limit=1000&format=otlp`,
    '/metrics/names?from=now-1h',
    '/ingest',
  ]) {
    const response = await fetch(`${server.api}/api/v1/monitoring${path}`, {
      headers: { authorization: `Bearer ${server.apiKey}` },
    })
    const text = await response.text()
    if (response.status !== 200) faults.push(`GET ${path} answers ${response.status}: ${text.slice(0, 300)}`)
  }
  return faults
}

/** Of the process, without its children. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
}
