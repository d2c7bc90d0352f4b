import { activityRollup } from './activity.ts'
import { edgesRollup } from './edges.ts'
import { logErrorsRollup, spanErrorsRollup } from './errors.ts'
import { redHoursRollup } from './red-hours.ts'
import type { Rollup } from './rollup.ts'

/** Everything that is computed by windows. */
export const rollups: readonly Rollup[] = [
  edgesRollup,
  activityRollup,
  redHoursRollup,
  spanErrorsRollup,
  logErrorsRollup,
]
