import { activityRollup } from './activity.ts'
import { activityHoursRollup } from './activity-hours.ts'
import { edgesRollup } from './edges.ts'
import { edgesHoursRollup } from './edges-hours.ts'
import { logErrorsRollup, spanErrorsRollup } from './errors.ts'
import { redHoursRollup, redTensRollup } from './red-hours.ts'
import type { Rollup } from './rollup.ts'

/** Everything that is computed by windows; what is computed from another one comes after it. */
export const rollups: readonly Rollup[] = [
  edgesRollup,
  edgesHoursRollup,
  activityRollup,
  activityHoursRollup,
  redTensRollup,
  redHoursRollup,
  spanErrorsRollup,
  logErrorsRollup,
]
