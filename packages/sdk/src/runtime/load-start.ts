import { createRequire } from 'node:module'

// The build leaves out the two lines around this one and names the files of the package (tsdown.config.ts). What is published is a
// CommonJS module whose `require` names each file by a literal: Node loads it when it is needed, and bundlers find what belongs inside.
const require = createRequire(import.meta.url)

/** The file that this code is in; undefined inside of a bundle, whose modules have none of their own. */
export const installedAs: string | undefined = import.meta.filename

/** All of OpenTelemetry hangs on this module, so it is loaded only once something really starts. */
export function loadStart(): typeof import('./start.ts') {
  return require('./start.ts') as typeof import('./start.ts')
}

/** zod takes as long to load as an exporter; a service without a configuration object does without it. */
export function loadValidation(): typeof import('../config/validate.ts') {
  return require('../config/validate.ts') as typeof import('../config/validate.ts')
}
