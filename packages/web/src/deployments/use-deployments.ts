import { useMemo } from 'react'
import { useRanged } from '../api/use-api.ts'
import type { Mark } from '../charts/mark.ts'

/** Marks on a chart tell nothing any more when there are more. */
const most = 200

/** Deployments of the page's range as marks, of one service or of all. A chart without them is whole, so nothing is said of errors. */
export function useDeployments(service?: string): readonly Mark[] {
  const { data } = useRanged('listAnnotations', { service, limit: most })
  return useMemo(
    () =>
      (data?.items ?? [])
        .map(({ time, service, version }) => ({ at: Date.parse(time), label: `${service} ${version}` }))
        .sort((a, b) => a.at - b.at),
    [data],
  )
}
