import { fileURLToPath } from 'node:url'
import { apiCopyFor, apiCopyOf, sees } from './api-manifest.ts'
import { notice } from './notice.ts'

/**
 * Watches for further copies of @opentelemetry/api. Copies share what is registered as long as they are compatible: the same
 * major version, and no newer minor one than that of the copy that registered. Another one sees nothing, and what is made
 * through it is lost without a word, so it is told.
 */
export function watchCopies(file: string): { found(url: string): void } {
  const own = apiCopyFor(file)
  const seen = new Set<string>()
  return {
    found(url) {
      if (!url.startsWith('file:') || seen.has(url)) return
      seen.add(url)
      const other = apiCopyOf(fileURLToPath(url))
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
