import { dirname, join } from 'node:path'
import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { troubleWithApi } from './api-manifest.ts'
import { installedAs, loadStart, loadValidation } from './load-start.ts'
import { notice } from './notice.ts'
import { requireFrom } from './require-from.ts'
import { sdkName, sdkVersion } from './version.ts'
import { withRequire } from './with-require.ts'

/** Loads OpenTelemetry and starts it. It never throws: what is in the way is one line on stderr, and nothing is monitored. */
export function beginSdk(config: ResolvedConfig, startedBy: 'register' | 'init'): void {
  try {
    const start = installedAs === undefined ? startOfBundle() : startInstalledAs(installedAs, loadStart)
    start?.startSdk(config, startedBy)
  } catch (error) {
    notice(`monitoring could not start: ${messageOf(error)}`)
  }
}

/** Loads what checks a configuration object. */
export function validation(): ReturnType<typeof loadValidation> {
  return withRequire(installedAs === undefined, loadValidation)
}

type Start = ReturnType<typeof loadStart>

function startInstalledAs(file: string, load: () => Start): Start | undefined {
  const trouble = troubleWithApi(file)
  if (trouble === undefined) return load()
  notice(trouble)
  return undefined
}

/**
 * Inside of a bundle. Where the same version is installed beside it, as on a machine that builds or behind Next.js, that one is
 * started: it sees which packages are loaded, and can patch them. Else what is in the bundle is.
 */
function startOfBundle(): Start | undefined {
  const file = installedStart()
  if (file === undefined) return withRequire(true, loadStart)
  return startInstalledAs(file, () => requireFrom(file)(file) as Start)
}

function installedStart(): string | undefined {
  for (const from of [join(process.cwd(), 'package.json'), process.argv[1]]) {
    try {
      const require = requireFrom(from)
      const manifest = require.resolve(`${sdkName}/package.json`)
      const start = join(dirname(manifest), 'dist/start.cjs')
      const { version } = require(manifest) as { version?: string }
      if (version === sdkVersion) return require.resolve(start)
    } catch {
      // Not there.
    }
  }
  return undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
