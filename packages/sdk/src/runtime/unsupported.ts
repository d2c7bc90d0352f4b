import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { installedAs } from './load.ts'
import { notice } from './notice.ts'
import { requireFrom } from './require-from.ts'

interface Versions {
  supportedVersions: string[]
  includePrerelease?: boolean
}
type Definition = Versions & { name: string; files: Versions[] }
type WithDefinitions = Instrumentation & { getModuleDefinitions?: () => Definition[] }
type Satisfies = (version: string, range: string, options: { includePrerelease: boolean | undefined }) => boolean

/**
 * Tells of a package that the service loads in a version that its instrumentation does not know: OpenTelemetry says so nowhere, and
 * one would wait for spans that never come. What this needs is loaded at once: nothing may be between the resolving and the loading
 * of a package (see module-hooks.ts).
 *
 * @returns what is to be called with the name of a package, the URL that it was found at, and its instrumentation
 */
export function watchVersions(): (name: string, url: string, instrumentation: Instrumentation) => void {
  const satisfies = satisfiesOfOpenTelemetry()
  if (satisfies === undefined) return () => {}
  const seen = new Set<string>()
  const told = new Set<string>()
  return (name, url, instrumentation) => {
    if (seen.has(url)) return
    seen.add(url)
    const version = versionOf(name, url)
    const definitions = (instrumentation as WithDefinitions).getModuleDefinitions?.() ?? []
    const mine = definitions.filter((definition) => definition.name === name)
    if (version === undefined || mine.length === 0 || told.has(`${name} ${version}`)) return
    const isKnown = mine
      .flatMap((definition) => [definition, ...definition.files])
      .some(({ supportedVersions, includePrerelease }) =>
        supportedVersions.some((range) => satisfies(version, range, { includePrerelease })),
      )
    if (isKnown) return
    told.add(`${name} ${version}`)
    const ranges = [...new Set(mine.flatMap(({ supportedVersions }) => supportedVersions))].join(', ')
    notice(`${name} ${version} is not instrumented: OpenTelemetry's instrumentation of it is for ${ranges}`)
  }
}

function versionOf(name: string, url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  for (let folder = dirname(fileURLToPath(url)); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
      if (manifest['name'] === name) return typeof manifest['version'] === 'string' ? manifest['version'] : undefined
    } catch {
      // One folder up.
    }
  }
  return undefined
}

/** By which OpenTelemetry decides what it patches. It is no public part of its package; a test of a version too new needs it. */
function satisfiesOfOpenTelemetry(): Satisfies | undefined {
  if (installedAs === undefined) return undefined
  try {
    const require = requireFrom(installedAs)
    const { satisfies } = require(join(dirname(require.resolve('@opentelemetry/instrumentation')), 'semver.cjs')) as {
      satisfies?: Satisfies
    }
    return satisfies
  } catch {
    return undefined
  }
}
