import { dirname, join } from 'node:path'
import { requireFrom } from './require-from.ts'

/** A copy of @opentelemetry/api: where it is, and its version. */
export type ApiCopy = { folder: string; version: string }

/** The oldest API that this SDK and what it stands on work with, below the next major version. */
const OLDEST = '1.10'

/** Packages that this SDK cannot do without, each of which finds the API for itself. */
const STANDS_ON = ['core', 'sdk-trace', 'sdk-logs', 'sdk-metrics', 'instrumentation']

/** The copy of the API that a file belongs to; undefined for a file of anything else. */
export function apiCopyOf(file: string): ApiCopy | undefined {
  const require = requireFrom(file)
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const { name, version } = require(join(folder, 'package.json')) as { name?: string; version?: string }
      if (name === '@opentelemetry/api' && version !== undefined) return { folder, version }
    } catch {
      // One folder up.
    }
  }
  return undefined
}

/** The copy of the API that a file gets by its name; undefined where there is none. */
export function apiCopyFor(file: string): ApiCopy | undefined {
  try {
    return apiCopyOf(requireFrom(file).resolve('@opentelemetry/api'))
  } catch {
    return undefined
  }
}

/**
 * Why nothing can be monitored with what is installed, for a person; undefined where all is well. An API that is older than the
 * packages around it lacks functions that they call, and package managers install such a tree when they are told not to mind.
 */
export function troubleWithApi(file: string): string | undefined {
  const own = apiCopyFor(file)
  // With --force npm gives those who need an older one a copy of their own; without, it refuses to move what is installed.
  const remedy = `npm install --force @opentelemetry/api@${OLDEST}`
  if (own === undefined) return `@opentelemetry/api is not installed, so nothing is monitored. Install it: ${remedy}`
  for (const copy of [own, ...STANDS_ON.map((name) => apiCopyUsedBy(`@opentelemetry/${name}`, file))]) {
    if (copy === undefined || sees(OLDEST, copy.version)) continue
    return (
      `@opentelemetry/api ${copy.version} in ${copy.folder} is too old, so nothing is monitored: ${OLDEST} is needed. ` +
      `Install it: ${remedy} (npm ls @opentelemetry/api says who asks for another).`
    )
  }
  return undefined
}

function apiCopyUsedBy(packageName: string, file: string): ApiCopy | undefined {
  try {
    return apiCopyFor(requireFrom(file).resolve(packageName))
  } catch {
    return undefined
  }
}

/** Whether a copy of one version uses what a copy of another has registered. */
export function sees(version: string, registered: string): boolean {
  const [major, minor] = version.split('.').map(Number)
  const [registeredMajor, registeredMinor] = registered.split('.').map(Number)
  return major === registeredMajor && (minor ?? 0) <= (registeredMinor ?? 0)
}
