import { IconFilter, IconSearch } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useRanged } from '../api/use-api.ts'
import { usePaged } from '../api/use-paged.ts'
import { Page } from '../app/page.tsx'
import { FilterField } from '../facets/text-field.tsx'
import { useKeys } from '../keyboard/keys.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { useRefresh, useSetSearch } from '../time/use-range.ts'
import { levelsOf } from './level.ts'
import { LogFacets, type LogSearch } from './log-facets.tsx'
import { LogList } from './log-list.tsx'
import { LogVolume } from './log-volume.tsx'
import { NewLines } from './new-lines.tsx'

const page = 200

/** Logs: how many of each level over time, and the lines. */
export function LogsPage() {
  const { level, service, search, traceId, filter } = useSearch({ strict: false }) as LogSearch
  const setSearch = useSetSearch()
  const queryClient = useQueryClient()
  const refresh = useRefresh()
  const [isDown, setIsDown] = useState(false)
  const asked = { level: levelsOf(level), service, search, traceId, filter }
  // While the reader is down in the list it holds still; the notice counts what arrived meanwhile.
  const query = usePaged('searchLogs', { ...asked, limit: page }, { hold: isDown })
  const volume = useRanged('countLogs', asked)
  const isFilterFault = query.error?.errors.some(({ path }) => path === 'filter') ?? false

  const follow = () => {
    document.querySelector('.log-lines')?.scrollTo({ top: 0 })
    queryClient.resetQueries({ queryKey: ['searchLogs', 'paged'] })
  }
  useKeys([
    {
      keys: 't',
      does: 'Follow the newest lines',
      run: () => {
        setSearch({ refresh: '2', from: undefined, to: undefined })
        follow()
      },
    },
    {
      keys: ' ',
      does: 'Pause or go on',
      run: () => setSearch({ refresh: refresh === '0' ? '2' : '0' }, { replace: true }),
    },
  ])

  return (
    <Page title="Logs" fitted>
      <div className="filter-bar">
        <FilterField
          label="Text in the message"
          primary
          value={search ?? ''}
          placeholder="Text in the message"
          icon={<IconSearch size={16} aria-hidden />}
          onCommit={(text) => setSearch({ search: text })}
        />
        <FilterField
          label="Filter"
          invalid={isFilterFault}
          value={filter ?? ''}
          placeholder="http.route LIKE '/videos/%' AND NOT host.name = 'db-1'"
          icon={<IconFilter size={16} aria-hidden />}
          onCommit={(text) => setSearch({ filter: text })}
        />
      </div>
      <div className="with-facets">
        <LogFacets volume={volume.data} />
        <div className="column">
          <LogVolume query={volume} service={service} />
          <Panel
            title="Lines"
            note="newest first"
            className="grows"
            query={query}
            aside={
              <span className="wide-only">
                <kbd>t</kbd> follow <kbd>space</kbd> {refresh === '0' ? 'go on' : 'pause'}
              </span>
            }
          >
            {query.data && query.items.length === 0 ? (
              <EmptyState title="No log lines match in this range">
                <p>Widen the time range, or take a filter away.</p>
              </EmptyState>
            ) : (
              <LogList
                lines={query.items}
                query={query}
                label="Log lines"
                onScrolled={setIsDown}
                notice={isDown && <NewLines asked={asked} newest={query.items[0]?.timestamp} onFollow={follow} />}
              />
            )}
          </Panel>
        </div>
      </div>
    </Page>
  )
}
