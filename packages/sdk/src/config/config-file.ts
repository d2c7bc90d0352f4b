import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { notice } from '../runtime/notice.ts'
import { requireFrom } from '../runtime/require-from.ts'

const names = ['monitoring.config.json', 'monitoring.config.js']

/**
 * Reads `monitoring.config.json` or `monitoring.config.js` (default export or `module.exports`) of a folder.
 * Answers undefined without one. A file that cannot be read is one line on stderr, not an error.
 */
export function readConfigFile(folder: string): unknown {
  for (const name of names) {
    const path = join(folder, name)
    if (!existsSync(path)) continue
    try {
      if (name.endsWith('.json')) return JSON.parse(readFileSync(path, 'utf8'))
      const loaded: unknown = requireFrom(join(folder, 'package.json'))(path)
      const isModule = typeof loaded === 'object' && loaded !== null && 'default' in loaded
      return isModule ? loaded.default : loaded
    } catch (error) {
      notice(`${name} was not used: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }
  return undefined
}
