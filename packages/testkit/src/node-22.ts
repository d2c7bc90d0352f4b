import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The program of the oldest Node that the SDK supports, for apps that run on it. */
export const node22 = join(dirname(createRequire(import.meta.url).resolve('node-22/package.json')), 'bin/node')
