import { useSearch } from '@tanstack/react-router'
import type { LogsHistogram } from '../api/responses.ts'
import { Facet, FacetColumn } from '../facets/facet-column.tsx'
import { ServiceFacet } from '../facets/service-facet.tsx'
import { TextField } from '../facets/text-field.tsx'
import { count } from '../format/number.ts'
import { useSetSearch } from '../time/use-range.ts'
import { levelStyle, levels } from './level.ts'

/** The filters of the logs page as they stand in the URL; `level` is a comma list. */
export interface LogSearch {
  level?: string
  service?: string
  search?: string
  traceId?: string
  filter?: string
}

/** Level, service and trace. */
export function LogFacets({ volume }: { volume: LogsHistogram | undefined }) {
  const { level, service, traceId } = useSearch({ strict: false }) as LogSearch
  const setSearch = useSetSearch()
  const chosen = new Set(level?.split(','))
  const totals = new Map(volume?.series.map((one) => [one.level, one.total]))
  const toggle = (name: string) => {
    const next = new Set(chosen)
    if (!next.delete(name)) next.add(name)
    setSearch({ level: levels.filter((one) => next.has(one)).join(',') || undefined })
  }
  return (
    <FacetColumn active={[level, service, traceId].filter(Boolean).length}>
      <Facet name="level">
        {levels
          .filter((name) => name !== 'unset' || totals.has(name) || chosen.has(name))
          .map((name) => (
            <label key={name} className="check">
              <input type="checkbox" checked={chosen.has(name)} onChange={() => toggle(name)} />
              <span className="swatch" style={{ background: `var(--${levelStyle[name].bar})` }} aria-hidden="true" />
              {name}
              <span className="facet-count">{totals.has(name) ? count(totals.get(name)) : ''}</span>
            </label>
          ))}
      </Facet>
      <ServiceFacet chosen={service} onChoose={(name) => setSearch({ service: name })} />
      <Facet name="trace">
        <TextField
          label="Trace id"
          value={traceId ?? ''}
          placeholder="32 hex digits"
          check={(text) => (/^[0-9a-f]{32}$/i.test(text) ? null : 'A trace id has 32 hex digits.')}
          onCommit={(text) => setSearch({ traceId: text })}
        />
      </Facet>
    </FacetColumn>
  )
}
