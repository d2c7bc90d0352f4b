import { createRequire, register, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { watchCopies } from './api-copies.ts'

type SyncHooks = { supportsSyncHooks(): boolean; register(options: { include: string[] }): void }

/**
 * Starts an instrumentation at the moment its package is resolved, by `import` or `require`, which is before it is loaded; and
 * lets instrumentations patch modules that are loaded by `import`. Only modules that one of them asked for are touched.
 */
export function hookModules(startByModule: ReadonlyMap<string, () => void>): void {
  // import-in-the-middle is taken from where OpenTelemetry finds it: patches are told only to that copy.
  const openTelemetry = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/instrumentation'))
  const hooks: SyncHooks = openTelemetry('import-in-the-middle/register-hooks.mjs')
  const include = ['http', 'https', ...startByModule.keys()]
  if (hooks.supportsSyncHooks()) hooks.register({ include })
  // Before 22.22.3 and 24.11.1 Node takes such hooks on a thread of its own only, where they start slower and do the same.
  else register(pathToFileURL(openTelemetry.resolve('import-in-the-middle/hook.mjs')), { data: { include } })

  // After the hooks above, so that it runs before them: they keep the way that the last module was resolved, and what is loaded
  // here would change that between their resolving and their loading.
  const copies = watchCopies()
  registerHooks({
    resolve(specifier, context, next) {
      // Paths are the most of all.
      if (/^(\.|\/|file:)/.test(specifier)) return next(specifier, context)
      startByModule.get(packageOf(specifier))?.()
      const resolved = next(specifier, context)
      if (specifier === '@opentelemetry/api') copies.found(resolved.url)
      return resolved
    },
  })
}

/** `pg` of `pg/lib/client.js`, `@redis/client` of `@redis/client/dist/index.js`; built-in modules keep their prefix. */
function packageOf(specifier: string): string {
  const end = specifier.indexOf('/', specifier.startsWith('@') ? specifier.indexOf('/') + 1 : 0)
  return end < 0 ? specifier : specifier.slice(0, end)
}
