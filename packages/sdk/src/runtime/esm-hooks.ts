import { createRequire, register } from 'node:module'
import { type Instrumentation, InstrumentationBase } from '@opentelemetry/instrumentation'

type SyncHooks = { supportsSyncHooks(): boolean; register(options: { include: string[] }): void }

const DONE = Symbol.for('burstlet.monitoring.esm-hooks')

/**
 * Lets instrumentations patch modules that are loaded by `import`. Only modules that one of them asked for are touched.
 * import-in-the-middle is taken from where OpenTelemetry finds it: patches are told only to that copy.
 */
export function hookImports(instrumentations: Instrumentation[]): void {
  const holder = globalThis as { [DONE]?: true }
  if (holder[DONE] === true) return
  holder[DONE] = true
  const openTelemetry = createRequire(createRequire(import.meta.url).resolve('@opentelemetry/instrumentation'))
  const hooks: SyncHooks = openTelemetry('import-in-the-middle/register-hooks.mjs')
  if (hooks.supportsSyncHooks()) hooks.register({ include: patchedModules(instrumentations) })
  else
    register('import-in-the-middle/hook.mjs', {
      parentURL: import.meta.url,
      data: { include: patchedModules(instrumentations) },
    })
}

function patchedModules(instrumentations: Instrumentation[]): string[] {
  const names = new Set<string>()
  for (const instrumentation of instrumentations) {
    if (!(instrumentation instanceof InstrumentationBase)) continue
    for (const { name } of instrumentation.getModuleDefinitions()) names.add(name)
  }
  return [...names]
}
