import { useQuery } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Query, Response } from '../api/operations.ts'
import { clockSeconds } from '../format/clock.ts'
import { plural } from '../format/number.ts'
import { useRefreshInterval } from '../time/use-range.ts'

interface NewLinesProps {
  asked: Query<'countLogs'>
  newest: string | undefined
  onFollow: () => void
}

/** How many lines arrived while the reader was down in the list; a press goes to the top again. */
export function NewLines({ asked, newest, onFollow }: NewLinesProps) {
  const interval = useRefreshInterval()
  const since = newest ? Date.parse(newest) + 1 : 0
  const { data } = useQuery<Response<'countLogs'>, ApiError>({
    queryKey: ['new lines', asked, since],
    queryFn: ({ signal }) =>
      request('countLogs', { ...asked, from: new Date(since).toISOString(), to: 'now' }, { signal }),
    refetchInterval: interval,
    enabled: since > 0 && interval !== false,
  })
  if (!data || data.total === 0) return null
  return (
    <button type="button" className="log-notice" onClick={onFollow}>
      ↑ {plural(data.total, 'new line')} while you read. The list holds at {clockSeconds(since)}. <kbd>t</kbd> to follow
    </button>
  )
}
