import { register, registerHooks, syncBuiltinESMExports } from 'node:module'
import { pathToFileURL } from 'node:url'
import { diag } from '@opentelemetry/api'
import { watchCopies } from './api-copies.ts'
import { installedAs } from './load.ts'
import { requireFrom } from './require-from.ts'

interface SyncHooks {
  supportsSyncHooks(): boolean
  register(options: { include: string[] }): void
}

/** What is done when a package is resolved: before it, and with the URL that it was found at. */
export interface Watch {
  before(): void
  found(url: string): void
}

/**
 * Starts an instrumentation at the moment its package is resolved, by `import` or `require`, which is before it is loaded; and
 * lets instrumentations patch modules that are loaded by `import`. Only modules that one of them asked for are touched.
 * Inside of a bundle `import` is left alone: the hooks for it are files, which a bundle has not.
 */
export function hookModules(byModule: ReadonlyMap<string, Watch>): void {
  if (installedAs !== undefined) hookImports(installedAs, [...byModule.keys()])

  // After the hooks above, so that it runs before them: they keep the way that the last module was resolved, and what is loaded
  // here would change that between their resolving and their loading.
  const copies = installedAs === undefined ? undefined : watchCopies(installedAs)
  registerHooks({
    resolve(specifier, context, next) {
      // Paths are the most of all.
      if (/^(\.|\/|file:)/.test(specifier)) return next(specifier, context)
      const watch = byModule.get(packageOf(specifier))
      watch?.before()
      const resolved = next(specifier, context)
      watch?.found(resolved.url)
      if (specifier === '@opentelemetry/api') copies?.found(resolved.url)
      return resolved
    },
  })
}

function hookImports(file: string, modules: string[]): void {
  // import-in-the-middle is taken from where OpenTelemetry finds it: patches are told only to that copy.
  const openTelemetry = requireFrom(requireFrom(file).resolve('@opentelemetry/instrumentation'))
  const hooks: SyncHooks = openTelemetry('import-in-the-middle/register-hooks.mjs')
  const include = ['http', 'https', ...modules]
  if (hooks.supportsSyncHooks()) hooks.register({ include })
  // Before 22.22.3 and 24.11.1 Node takes such hooks on a thread of its own only, where they start slower and do the same.
  else register(pathToFileURL(openTelemetry.resolve('import-in-the-middle/hook.mjs')), { data: { include } })
}

/** Patches Node's own modules at once: what was loaded before the SDK, or is inside of its bundle, asks for them no more. */
export function patchBuiltins(): void {
  try {
    const require = requireFrom(undefined)
    for (const name of ['http', 'https']) require(name)
    syncBuiltinESMExports()
  } catch (error) {
    diag.error('http could not be patched:', error)
  }
}

/** `pg` of `pg/lib/client.js`, `@redis/client` of `@redis/client/dist/index.js`; built-in modules keep their prefix. */
function packageOf(specifier: string): string {
  const end = specifier.indexOf('/', specifier.startsWith('@') ? specifier.indexOf('/') + 1 : 0)
  return end < 0 ? specifier : specifier.slice(0, end)
}
