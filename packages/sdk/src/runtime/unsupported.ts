import type { Instrumentation } from '@opentelemetry/instrumentation'
import { notice } from './notice.ts'

/** What an instrumentation tells about a package that it patches, once that package was loaded. */
type Definition = {
  name: string
  supportedVersions: string[]
  moduleVersion?: string
  moduleExports?: unknown
  files: { moduleExports?: unknown }[]
}
type WithDefinitions = Instrumentation & { getModuleDefinitions?: () => Definition[] }

/** Long enough for a package to be loaded once it was found. */
const LOADING_MS = 1000

/**
 * Tells of packages that the service has loaded in a version that their instrumentation does not know: OpenTelemetry says that
 * only where it is debugged, and one would wait for spans that never come.
 */
export function watchUnsupported(): { loading(instrumentation: Instrumentation): void } {
  const started = new Set<Instrumentation>()
  const told = new Set<string>()
  const tell = () => {
    for (const instrumentation of started) {
      const definitions = (instrumentation as WithDefinitions).getModuleDefinitions?.() ?? []
      for (const [name, { version, ranges }] of unpatched(definitions)) {
        if (told.has(name)) continue
        told.add(name)
        notice(`${name} ${version} makes no spans or logs: its instrumentation knows ${ranges}`)
      }
    }
  }
  process.once('exit', tell)
  return {
    loading(instrumentation) {
      started.add(instrumentation)
      setTimeout(tell, LOADING_MS).unref()
    },
  }
}

/** Packages that were loaded, by name, of which no definition has patched anything. */
export function unpatched(definitions: Definition[]): Map<string, { version: string; ranges: string }> {
  const found = new Map<string, { version: string; ranges: string }>()
  for (const name of new Set(definitions.map((definition) => definition.name))) {
    const mine = definitions.filter((definition) => definition.name === name)
    const version = mine.find(({ moduleVersion }) => moduleVersion !== undefined)?.moduleVersion
    const isPatched = mine.some(
      ({ moduleExports, files }) =>
        moduleExports !== undefined || files.some((file) => file.moduleExports !== undefined),
    )
    if (version === undefined || isPatched) continue
    found.set(name, { version, ranges: [...new Set(mine.flatMap((one) => one.supportedVersions))].join(', ') })
  }
  return found
}
