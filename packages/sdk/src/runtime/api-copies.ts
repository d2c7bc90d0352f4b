import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { notice } from './notice.ts'

/**
 * Watches for further copies of @opentelemetry/api. Copies share what is registered as long as they are compatible: the same
 * major version, and no newer minor one than that of the copy that registered. Another one sees nothing, and what is made
 * through it is lost without a word, so it is told.
 */
export function watchCopies(): { found(url: string): void } {
  const requireHere = createRequire(import.meta.url)
  const own = manifestOf(requireHere.resolve('@opentelemetry/api'), requireHere)
  const seen = new Set<string>()
  return {
    found(url) {
      if (!url.startsWith('file:') || seen.has(url)) return
      seen.add(url)
      const other = manifestOf(fileURLToPath(url), requireHere)
      if (other === undefined || own === undefined || other.folder === own.folder || seen.has(other.folder)) return
      seen.add(other.folder)
      if (sees(other.version, own.version)) return
      notice(
        `there are two copies of @opentelemetry/api: ${other.version} in ${other.folder} does not see ${own.version}, which ` +
          'this SDK uses; spans, metrics and logs made through it are lost. Make your package manager keep one copy.',
      )
    },
  }
}

type Manifest = { folder: string; version: string }

function manifestOf(file: string, requireHere: NodeJS.Require): Manifest | undefined {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const { name, version } = requireHere(join(folder, 'package.json')) as { name?: string; version?: string }
      if (name === '@opentelemetry/api' && version !== undefined) return { folder, version }
    } catch {
      // One folder up.
    }
  }
  return undefined
}

/** Whether a copy of one version uses what a copy of another has registered. */
export function sees(version: string, registered: string): boolean {
  const [major, minor] = version.split('.').map(Number)
  const [registeredMajor, registeredMinor] = registered.split('.').map(Number)
  return major === registeredMajor && (minor ?? 0) <= (registeredMinor ?? 0)
}
