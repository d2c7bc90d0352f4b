import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Attributes } from '@opentelemetry/api'
import { getStringFromEnv } from '@opentelemetry/core'
import {
  defaultResource,
  envDetector,
  hostDetector,
  osDetector,
  type Resource,
  type ResourceDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
  ATTR_TELEMETRY_DISTRO_NAME,
  ATTR_TELEMETRY_DISTRO_VERSION,
} from '@opentelemetry/semantic-conventions/incubating'
import { SDK_NAME, SDK_VERSION } from './version.ts'

/**
 * What is said of this process with everything it sends. Names come, the strongest first, from OTEL_SERVICE_NAME and
 * OTEL_RESOURCE_ATTRIBUTES, the given name, and the package.json nearest to the program.
 * Command line arguments are left out: they hold passwords too often.
 */
export function serviceResource(serviceName: string | undefined): Resource {
  const manifest = nearestManifest(process.argv[1] === undefined ? process.cwd() : dirname(process.argv[1]))
  const attributes: Attributes = {
    [ATTR_SERVICE_NAME]: serviceName ?? manifest.name ?? 'unknown_service:node',
    [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    [ATTR_TELEMETRY_DISTRO_NAME]: SDK_NAME,
    [ATTR_TELEMETRY_DISTRO_VERSION]: SDK_VERSION,
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  }
  if (manifest.version !== undefined) attributes[ATTR_SERVICE_VERSION] = manifest.version
  return defaultResource().merge(resourceFromAttributes(attributes))
}

/** The detectors to run, or undefined when OTEL_NODE_RESOURCE_DETECTORS chooses. The environment has the last word. */
export function resourceDetectors(): ResourceDetector[] | undefined {
  return getStringFromEnv('OTEL_NODE_RESOURCE_DETECTORS') === undefined
    ? [hostDetector, osDetector, envDetector]
    : undefined
}

type Manifest = { name?: string; version?: string }

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
