import { IconFilter } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { usePaged } from '../api/use-paged.ts'
import { Page } from '../app/page.tsx'
import { FilterField } from '../facets/text-field.tsx'
import { plural } from '../format/number.ts'
import { EnterKey } from '../keyboard/enter-key.tsx'
import { Panel } from '../panel/panel.tsx'
import { resolve } from '../time/range.ts'
import { useRange, useSetSearch } from '../time/use-range.ts'
import { DurationScatter } from './duration-scatter.tsx'
import { TraceFacets, type TraceSearch } from './trace-facets.tsx'
import { TraceTable } from './trace-table.tsx'

const page = 200

/** Search for traces: filters, durations over time, and the list. */
export function TracesPage() {
  const { service, operation, status, minDuration, maxDuration, filter } = useSearch({ strict: false }) as TraceSearch
  const setSearch = useSetSearch()
  const range = useRange()
  const query = usePaged('searchTraces', {
    service,
    operation,
    status,
    minDuration: numberOf(minDuration),
    maxDuration: numberOf(maxDuration),
    filter,
    limit: page,
  })
  const traces = query.items
  const more = query.hasNextPage ? ' newest' : ''
  const isFilterFault = query.error?.errors.some(({ path }) => path === 'filter') ?? false

  return (
    <Page title="Traces" fitted>
      <div className="filter-bar">
        <FilterField
          label="Filter"
          primary
          invalid={isFilterFault}
          value={filter ?? ''}
          placeholder="service.name = 'video' AND http.response.status_code >= 500"
          icon={<IconFilter size={16} aria-hidden />}
          onCommit={(text) => setSearch({ filter: text })}
        />
      </div>
      <div className="with-facets">
        <TraceFacets />
        <div className="column">
          <Panel
            title="Duration"
            note={query.data && plural(traces.length, `${more} trace`.trim())}
            aside={traces.length > 0 && <span className="wide-only">drag a box to narrow time and duration</span>}
          >
            <DurationScatter traces={traces} span={resolve(range, query.dataUpdatedAt || Date.now())} />
          </Panel>
          <Panel
            title="Traces"
            note="newest first"
            className="grows"
            query={query}
            aside={
              <span className="wide-only">
                <kbd>j</kbd> <kbd>k</kbd> move <EnterKey /> open
              </span>
            }
          >
            <TraceTable traces={traces} query={query} />
          </Panel>
        </div>
      </div>
    </Page>
  )
}

/** A number of the URL. What is none becomes NaN, which the server refuses by the parameter's name. */
function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
