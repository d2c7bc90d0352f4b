import type { Overview } from '../api/responses.ts'
import { useRanged } from '../api/use-api.ts'
import { assignSlots } from '../services/colour-slot.ts'

/**
 * The overview of the page's range; it also settles the colours of the services that are in it.
 * @param isWaiting for the first data: then it is asked every two seconds, whatever the refresh choice
 */
export function useOverview(isWaiting: boolean) {
  const query = useRanged('getOverview', {}, isWaiting ? { refetchInterval: 2_000 } : {})
  if (query.data) assignSlots(query.data.services.map((service) => service.name))
  return query
}

/** Whether an overview has nothing in it at all: no service, no line, no host. */
export function isEmpty(overview: Overview): boolean {
  return overview.serviceCount === 0 && overview.logs.total === 0 && overview.system.length === 0
}
