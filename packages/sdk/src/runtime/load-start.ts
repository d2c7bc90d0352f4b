import { fromSource, requireHere } from './load.ts'

/** All of OpenTelemetry hangs on this module, so it is loaded only once something really starts. */
export function loadStart(): typeof import('./start.ts') {
  return requireHere(fromSource ? './start.ts' : './start.cjs') as typeof import('./start.ts')
}

/** zod takes as long to load as an exporter; a service without a configuration object does without it. */
export function loadValidation(): typeof import('../config/validate.ts') {
  return requireHere(fromSource ? '../config/validate.ts' : './validate.cjs') as typeof import('../config/validate.ts')
}
