import { useSearch } from '@tanstack/react-router'
import type { Query } from '../api/operations.ts'
import { Facet, FacetColumn } from '../facets/facet-column.tsx'
import { ServiceFacet } from '../facets/service-facet.tsx'
import { TextField } from '../facets/text-field.tsx'
import { durationText } from '../format/duration.ts'
import { StateIcon } from '../state/state-icon.tsx'
import { useSetSearch } from '../time/use-range.ts'
import { durationFault, parseDuration } from './duration-input.ts'

/** The filters of the traces page as they stand in the URL; durations in ms. */
export interface TraceSearch {
  service?: string
  operation?: string
  status?: Query<'searchTraces'>['status']
  minDuration?: string
  maxDuration?: string
  filter?: string
}

const statuses = [
  ['error', 'error'],
  ['ok', 'healthy'],
] as const

/** Status, service, operation and duration. */
export function TraceFacets() {
  const search = useSearch({ strict: false }) as TraceSearch
  const setSearch = useSetSearch()
  const { service, operation, status, minDuration, maxDuration } = search
  const active = [service, operation, status, minDuration, maxDuration].filter(Boolean).length
  const setDuration = (name: 'minDuration' | 'maxDuration') => (text: string) =>
    setSearch({ [name]: text === '' ? undefined : String(parseDuration(text)) })
  return (
    <FacetColumn active={active}>
      <Facet name="status">
        {statuses.map(([value, state]) => (
          <label key={value} className="check">
            <input
              type="checkbox"
              checked={status === value}
              onChange={() => setSearch({ status: status === value ? undefined : value })}
            />
            <StateIcon state={state} size={14} label="" />
            {value}
          </label>
        ))}
      </Facet>
      <ServiceFacet chosen={service} onChoose={(name) => setSearch({ service: name })} />
      <Facet name="operation">
        <TextField
          label="Exact name of a span"
          value={operation ?? ''}
          placeholder="GET /v1/videos/:id"
          onCommit={(text) => setSearch({ operation: text })}
        />
      </Facet>
      <Facet name="duration">
        <div className="facet-pair">
          <TextField
            label="At least"
            value={minDuration ? durationInput(minDuration) : ''}
            placeholder="0"
            check={durationFault}
            onCommit={setDuration('minDuration')}
          />
          <TextField
            label="At most"
            value={maxDuration ? durationInput(maxDuration) : ''}
            placeholder="any"
            check={durationFault}
            onCommit={setDuration('maxDuration')}
          />
        </div>
      </Facet>
      {active > 0 && (
        <button
          type="button"
          className="button"
          onClick={() =>
            setSearch({
              service: undefined,
              operation: undefined,
              status: undefined,
              minDuration: undefined,
              maxDuration: undefined,
            })
          }
        >
          Clear filters
        </button>
      )}
    </FacetColumn>
  )
}

/** Milliseconds of the URL as a person would type them, when that loses nothing. */
function durationInput(ms: string): string {
  const short = durationText(Number(ms)).replace(' ', '').replace('min', 'm')
  return parseDuration(short) === Number(ms) ? short : `${ms}ms`
}
