import type { Agent, AgentOptions, ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { type Context, context, createContextKey, diag } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { AtExit, Unsent } from './at-exit.ts'
import { type Certificates, readCertificates } from './certificates.ts'
import { notSent } from './diagnostics.ts'
import type { Losses, Signal } from './losses.ts'

/** What is needed of an exporter of one signal, whose batches are of this kind. */
export interface Exports<Batch> {
  export(batch: Batch, done: (result: ExportResult) => void): void
  forceFlush?(): Promise<void>
}

/** Who takes care of what is on its way, and counts what does not arrive. */
export interface Delivery {
  atExit: AtExit
  losses: Losses
}

/** What an exporter sends, and how its items are counted. */
export interface Sent<Batch> {
  signal: Signal
  itemsIn: (batch: Batch) => number
  certificates: Certificates
}

/** An exporter to give to a processor, and a way to wait for what it is sending. */
export interface Detached<T> {
  exporter: T
  flush: () => Promise<void>
}

// What an OTLP exporter over HTTP holds inside, @opentelemetry/otlp-exporter-base 0.300. A test proves that it still does.
interface Inside {
  _delegate?: { _transport?: Retrying }
}
/** Over gRPC there is no wrapper that tries again. */
interface Retrying {
  retry?: Retry
  _transport?: Transport
  send: Send
  _parameters?: Parameters
}
type Send = (data: Uint8Array, timeoutMillis: number) => Promise<unknown>
interface Transport {
  send: Send
  _parameters?: Parameters
}
type Parameters = OverHttp | OverGrpc
interface OverHttp {
  url: string
  headers: () => Promise<Record<string, string>>
  compression?: string
}
interface OverGrpc {
  address: string
  grpcPath: string
  metadata: () => { getMap(): Record<string, string | Buffer> }
  credentials: () => { _isSecure(): boolean }
}
type Retry = (data: Uint8Array, timeoutMillis: number, inMillis: number) => Promise<unknown>

/**
 * Lets an exporter work in the background. Batch processors arm a timer for each export and wait; with a backend that is away,
 * there is always one waiting, and the process would never end by itself. So they get their answer at once, the exporter goes on
 * (with at most thirty requests, beyond which it refuses), and what fails is reported here.
 */
export function detach<Batch, T extends Exports<Batch>>(
  exporter: T,
  { atExit, losses }: Delivery,
  { signal, itemsIn, certificates }: Sent<Batch>,
): Detached<T> {
  const send = exporter.export.bind(exporter)
  const flush = exporter.forceFlush?.bind(exporter) ?? (async () => {})
  const detached: Exports<Batch>['export'] = (batch, done) => {
    const sent = losses.sending(signal, itemsIn(batch))
    const answered = (result: ExportResult) => {
      sent(result.code === ExportResultCode.SUCCESS)
      if (result.code === ExportResultCode.SUCCESS) return
      if (!isRefusal(result.error)) losses.noteAway()
      diag.error(notSent, reasonOf(result.error))
    }
    context.with(exporting(context.active()), () => send(batch, answered))
    done({ code: ExportResultCode.SUCCESS })
  }
  unrefRetries(exporter as Inside)
  trackRequests(exporter, atExit, certificates)
  // A processor's flush arms timers as well; whoever flushes waits for `flush` beside it.
  return { exporter: Object.assign(exporter, { export: detached, forceFlush: async () => {} }), flush }
}

const exportingKey = createContextKey('burstlet.monitoring.exporting')
const exporting = (of: Context) => of.setValue(exportingKey, true)

/** Whether a context is that of our own exports, which are no work of the service. */
export function isExporting(of: Context): boolean {
  return of.getValue(exportingKey) === true
}

/** Errors of exporters have their HTTP status as code, and the answer apart from the message. */
function reasonOf(error: Error | undefined): unknown {
  if (error === undefined) return new Error('export failed')
  const { code } = error as { code?: unknown }
  return code === undefined || error.message.includes(String(code)) ? error : new Error(`${error.message} ${code}`)
}

/** Whether the backend is there and took no liking to the request. */
function isRefusal(error: Error | undefined): boolean {
  const status = Number((error as { code?: unknown } | undefined)?.code)
  return status >= 400 && status < 500 && status !== 429
}

/** The pause before a retry must not hold the process either. */
function unrefRetries(exporter: Inside): void {
  const retrying = exporter._delegate?._transport
  const transport = retrying?._transport
  if (typeof retrying?.retry !== 'function' || transport === undefined) return
  retrying.retry = (data, timeoutMillis, inMillis) =>
    new Promise((resolve, reject) => {
      setTimeout(() => transport.send(data, timeoutMillis).then(resolve, reject), inMillis).unref()
    })
}

/**
 * Tells `atExit` of each request until it is answered or given up. Once the process is ending nothing is sent any more: what the
 * processors still flush is only remembered.
 */
export function trackRequests(exporter: object, atExit: AtExit, certificates: Certificates): void {
  const retrying = (exporter as Inside)._delegate?._transport
  const parameters = retrying?._transport?._parameters ?? retrying?._parameters
  if (retrying === undefined || parameters === undefined) return
  const describe = 'grpcPath' in parameters ? describeCall(parameters) : describeRequest(parameters)
  const send = retrying.send.bind(retrying)
  retrying.send = (data, timeoutMillis) => {
    const forget = atExit.track(() => ({ ...describe(), body: data, certificates }))
    if (atExit.ending) return new Promise(() => {})
    const sent = send(data, timeoutMillis)
    sent.then(forget, forget)
    return sent
  }
}

type Described = Omit<Unsent, 'body' | 'certificates'>

function describeRequest({ url, headers }: OverHttp): () => Described {
  let known: Record<string, string> = {}
  headers().then(
    (given) => {
      known = given
    },
    () => {},
  )
  return () => ({ url, headers: known })
}

function describeCall({ address, grpcPath, metadata, credentials }: OverGrpc): () => Described {
  return () => {
    const scheme = credentials()._isSecure() ? 'https' : 'http'
    const headers = Object.fromEntries(
      Object.entries(metadata().getMap()).map(([name, value]) => [name, String(value)]),
    )
    return { url: `${scheme}://${address.replace(/^[a-z]+:\/*/, '')}`, headers, grpcPath }
  }
}

/**
 * Makes the agent that exporters send with: its connections do not hold the process. Loaded when first needed, after
 * the http instrumentation.
 */
export async function unrefAgent(protocol: string, certificates: Certificates): Promise<Agent> {
  const options = { keepAlive: true, maxSockets: 4 }
  if (protocol === 'http:') return unrefSockets(new (await import('node:http')).Agent(options))
  return unrefSockets(new (await import('node:https')).Agent({ ...options, ...readCertificates(certificates) }))
}

// Both are documented parts of Agent that subclasses replace; the types know only one of them.
interface Extensible {
  createConnection(options: AgentOptions, callback?: (error: Error | null, socket: Socket) => void): Socket
  reuseSocket(socket: Socket, request: ClientRequest): void
}

function unrefSockets(agent: Agent): Agent {
  const extensible = agent as unknown as Extensible
  const create = extensible.createConnection.bind(agent)
  const reuse = extensible.reuseSocket.bind(agent)
  extensible.createConnection = (options, callback) => {
    const socket = create(options, callback)
    socket?.unref()
    return socket
  }
  extensible.reuseSocket = (socket, request) => {
    reuse(socket, request)
    socket.unref()
  }
  return agent
}
