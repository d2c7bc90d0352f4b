import { useQuery } from '@tanstack/react-query'
import { request } from '../api/client.ts'

const ever = { from: 'now-30d', to: 'now', limit: 1 }

/**
 * Whether any signal has ever arrived; undefined while that is unknown. Asked only when a page found nothing in its
 * own range, and then every two seconds until something is there.
 */
export function useAnythingArrived(enabled: boolean): boolean | undefined {
  const { data } = useQuery({
    queryKey: ['anything arrived'],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all([
        request('listServices', ever, { signal }),
        request('searchLogs', ever, { signal }),
        request('listMetricNames', ever, { signal }),
      ])
      return lists.some((list) => list.items.length > 0)
    },
    enabled,
    refetchInterval: (query) => (query.state.data ? false : 2_000),
  })
  return data
}
