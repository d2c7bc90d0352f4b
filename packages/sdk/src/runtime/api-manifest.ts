import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { requireFrom } from './require-from.ts'

/** A copy of @opentelemetry/api: where it is, and its version. */
export interface ApiCopy {
  folder: string
  version: string
}

/** The oldest API that this SDK and what it stands on work with, below the next major version. */
const oldest = '1.10'

/** Packages that this SDK cannot do without, each of which finds the API for itself. */
const standsOn = ['core', 'sdk-trace', 'sdk-logs', 'sdk-metrics', 'instrumentation']

/** The copy of the API that a file belongs to; undefined for a file of anything else. */
export function apiCopyOf(file: string): ApiCopy | undefined {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
        string,
        unknown
      >
      if (name === '@opentelemetry/api' && typeof version === 'string') return { folder, version }
    } catch {
      // One folder up.
    }
  }
  return undefined
}

/** The copy of the API that a file gets by its name; undefined where there is none. */
export function apiCopyFor(file: string): ApiCopy | undefined {
  const place = apiFor(requireFrom(file))
  return place === undefined ? undefined : apiCopyOf(place)
}

/**
 * Why nothing can be monitored with what is installed, for a person; undefined where all is well. An API that is older than the
 * packages around it lacks functions that they call, and package managers install such a tree when they are told not to mind.
 */
export function troubleWithApi(file: string): string | undefined {
  const require = requireFrom(file)
  const places = new Set([apiFor(require), ...standsOn.map((name) => apiUsedBy(`@opentelemetry/${name}`, require))])
  // With --force npm gives those who need an older one a copy of their own; without, it refuses to move what is installed.
  const remedy = `npm install --force @opentelemetry/api@${oldest}`
  if (places.has(undefined)) {
    return `@opentelemetry/api is not installed, so nothing is monitored. Install it: ${remedy}`
  }
  for (const place of places) {
    const copy = place === undefined ? undefined : apiCopyOf(place)
    if (copy === undefined || sees(oldest, copy.version)) continue
    return (
      `@opentelemetry/api ${copy.version} in ${copy.folder} is too old, so nothing is monitored: ${oldest} is needed. ` +
      `Install it: ${remedy} (npm ls @opentelemetry/api says who asks for another).`
    )
  }
  return undefined
}

function apiFor(require: NodeJS.Require): string | undefined {
  try {
    return require.resolve('@opentelemetry/api')
  } catch {
    return undefined
  }
}

/** A package that is missing itself is no matter of the API. */
function apiUsedBy(packageName: string, require: NodeJS.Require): string | undefined {
  let found: string
  try {
    found = require.resolve(packageName)
  } catch {
    return apiFor(require)
  }
  return apiFor(requireFrom(found))
}

/** Whether a copy of one version uses what a copy of another has registered. */
export function sees(version: string, registered: string): boolean {
  const [major, minor] = version.split('.').map(Number)
  const [registeredMajor, registeredMinor] = registered.split('.').map(Number)
  return major === registeredMajor && (minor ?? 0) <= (registeredMinor ?? 0)
}
