import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, type ChildOptions, startChild } from './process/child.ts'
import { type Api, announceRelease, demoRelease } from './release.ts'

export interface DemoOptions {
  /** Where telemetry goes: the base of OTLP/HTTP. */
  otlpEndpoint?: string
  /** Requests a second that visitors make, 0.1 to 200. */
  rate?: number
  /** Sent with all telemetry, where the backend asks for a key. */
  ingestKey?: string
  /** Where the site's source maps and the release are told to. */
  api?: Api
  /** More environment for the services, `OTEL_*` for instance. */
  env?: Record<string, string>
}

export interface Demo {
  /** Where the gateway listens. */
  gatewayUrl: string
  /** The page, for a browser. */
  siteUrl: string
  services: { name: string; pid: number; url: string }[]
  /** Resolves with a line that says which service ended, if one ends before `stop`. */
  failed: Promise<string>
  /** Stops all services and removes their data. */
  stop: () => Promise<void>
}

/** Short, so that a newcomer sees data at once. */
const demoEnvironment = {
  OTEL_METRIC_EXPORT_INTERVAL: '5000',
  OTEL_BSP_SCHEDULE_DELAY: '1000',
  OTEL_BLRP_SCHEDULE_DELAY: '1000',
}

/**
 * Starts the demo on free loopback ports: gateway, video, transcoder, the site, and visitors. Resolves when all are ready.
 * Rejects with what went wrong, and with nothing left running.
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { otlpEndpoint = 'http://127.0.0.1:4318', rate = 5, ingestKey, api, env = {} } = options
  if (!(rate >= 0.1 && rate <= 200)) throw new RangeError(`rate must be 0.1 to 200 requests a second, not ${rate}`)
  if (!URL.canParse(otlpEndpoint)) throw new TypeError(`the OTLP endpoint is no URL: ${otlpEndpoint}`)
  const folder = await mkdtemp(join(tmpdir(), 'burstlet-demo-'))
  const children: Child[] = []

  const stop = async () => {
    // Visitors first, so that nobody meets a closed door.
    for (const child of children.toReversed()) await child.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const start = async (name: string, own: Record<string, string>, instrumented = true): Promise<Child> => {
    const telemetry = {
      ...demoEnvironment,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
      ...(ingestKey === undefined ? {} : { OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${ingestKey}` }),
      ...serviceVariables(name),
    }
    const child: ChildOptions = {
      name,
      program: `${name}/main.ts`,
      env: { ...telemetry, ...env, ...own },
      instrumented,
    }
    const started = await startChild(child)
    children.push(started)
    return started
  }

  try {
    const stores = { DEMO_VIDEO_STORE: join(folder, 'videos.db'), DEMO_QUEUE_STORE: join(folder, 'queue.db') }
    const video = await start('video', stores)
    const upstream = { DEMO_VIDEO_URL: video.url }
    const [gateway] = await Promise.all([start('gateway', upstream), start('transcoder', { ...stores, ...upstream })])
    const built = {
      DEMO_SITE_FOLDER: join(folder, 'site'),
      DEMO_RELEASE: demoRelease,
      ...(ingestKey === undefined ? {} : { DEMO_INGEST_KEY: ingestKey }),
    }
    const below = { DEMO_GATEWAY_URL: gateway.url }
    const site = await start('site', { ...below, ...built }, false)
    await start('traffic', { ...below, DEMO_RATE: String(rate) }, false)
    if (api) await announceRelease(api, built.DEMO_SITE_FOLDER)
    return {
      gatewayUrl: gateway.url,
      siteUrl: site.url,
      services: children.map(({ name, pid, url }) => ({ name, pid, url })),
      failed: Promise.race(children.map((child) => child.ended)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function serviceVariables(name: string): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: name,
    OTEL_RESOURCE_ATTRIBUTES: 'service.namespace=burstlet,deployment.environment.name=demo',
  }
}
