import { edgesRollup } from './edges.ts'
import type { Rollup } from './rollup.ts'

/** Everything that is computed by windows. */
export const rollups: readonly Rollup[] = [edgesRollup]
