import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { arch, hostname, release, type } from 'node:os'
import { dirname, join } from 'node:path'
import type { Attributes } from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  type ResourceDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import { ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions'
import { listFromEnv } from './environment-values.ts'
import { notice } from './notice.ts'
import { sdkName, sdkVersion } from './version.ts'

/**
 * What is said of this process with everything it sends. Names come, the strongest first, from OTEL_SERVICE_NAME and
 * OTEL_RESOURCE_ATTRIBUTES, the given name, and the package.json nearest to the program.
 * Command line arguments are left out: they hold passwords too often.
 */
export function serviceResource(serviceName: string | undefined): Resource {
  const manifest = nearestManifest(process.argv[1] === undefined ? process.cwd() : dirname(process.argv[1]))
  const attributes: Attributes = {
    [ATTR_SERVICE_NAME]: serviceName ?? manifest.name ?? 'unknown_service:node',
    'service.instance.id': randomUUID(),
    'telemetry.distro.name': sdkName,
    'telemetry.distro.version': sdkVersion,
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  }
  if (manifest.version !== undefined) attributes[ATTR_SERVICE_VERSION] = manifest.version
  const detectors = askedDetectors()
  const own = defaultResource().merge(resourceFromAttributes(attributes))
  if (detectors !== undefined) return own.merge(detectResources({ detectors }))
  // The environment has the last word.
  return own.merge(resourceFromAttributes(hostAttributes())).merge(detectResources({ detectors: [envDetector] }))
}

const detectors: Record<string, ResourceDetector> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
}

/** The detectors that OTEL_NODE_RESOURCE_DETECTORS chooses; undefined where it does not. */
function askedDetectors(): ResourceDetector[] | undefined {
  const names = listFromEnv('OTEL_NODE_RESOURCE_DETECTORS')
  if (names.length === 0) return undefined
  if (names.includes('none')) return []
  if (names.includes('all')) return Object.values(detectors)
  return names.flatMap((name) => {
    const detector = detectors[name]
    if (detector === undefined) notice(`OTEL_NODE_RESOURCE_DETECTORS: there is no detector ${name}.`)
    return detector ?? []
  })
}

/**
 * Host and system as OpenTelemetry's detectors tell them, but at once: while a resource waits for an attribute, nothing can be
 * sent, and a program that ends within its first moments would lose all.
 */
function hostAttributes(): Attributes {
  const id = process.platform === 'linux' ? readFirst('/etc/machine-id', '/var/lib/dbus/machine-id') : undefined
  return {
    'host.name': hostname(),
    'host.arch': architectures[arch()] ?? arch(),
    'os.type': systems[type()] ?? type().toLowerCase(),
    'os.version': release(),
    ...(id === undefined ? {} : { 'host.id': id }),
  }
}

const architectures: Record<string, string> = { arm: 'arm32', ppc: 'ppc32', x64: 'amd64' }
const systems: Record<string, string> = { Windows_NT: 'windows', SunOS: 'solaris' }

function readFirst(...paths: string[]): string | undefined {
  for (const path of paths) {
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      // Containers have none.
    }
  }
  return undefined
}

interface Manifest {
  name?: string
  version?: string
}

function nearestManifest(start: string): Manifest {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'))
    if (manifest.name !== undefined || dirname(folder) === folder) return manifest
  }
}

function readManifest(path: string): Manifest {
  try {
    if (!existsSync(path)) return {}
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    return {
      ...(typeof name === 'string' && name !== '' ? { name } : {}),
      ...(typeof version === 'string' ? { version } : {}),
    }
  } catch {
    return {}
  }
}
