import { useQuery } from '@tanstack/react-query'
import { type ApiError, request } from '../api/client.ts'
import type { Response } from '../api/operations.ts'
import { type State, StateIcon } from '../state/state-icon.tsx'

const parts = [
  ['ingest', 'Ingest', 'OTLP over HTTP, port'],
  ['clickhouse', 'Storage', 'traces, logs, metrics'],
] as const

/** What of the server is ready to receive, and what to look at when nothing arrives. */
export function WaitingPanel({ otlpHttpPort }: { otlpHttpPort: number }) {
  const { data, error } = useQuery<Response<'getHealth'>, ApiError>({
    queryKey: ['getHealth'],
    queryFn: ({ signal }) => request('getHealth', {}, { signal }),
    refetchInterval: 5_000,
  })
  return (
    <aside className="first-run-aside">
      <section className="panel">
        <header className="panel-head">
          <h2>Waiting for the first data</h2>
        </header>
        <ul className="waiting-parts">
          {parts.map(([key, name, note]) => {
            const status = error ? 'unhealthy' : data?.components[key].status
            const state: State = status === 'disabled' || status === undefined ? 'unknown' : status
            return (
              <li key={key}>
                <StateIcon state={state} />
                <span>
                  {name} <span className="dim">{key === 'ingest' ? `${note} ${otlpHttpPort}` : note}</span>
                </span>
                <span className="secondary">{status === 'healthy' ? 'ready' : (status ?? 'asking')}</span>
              </li>
            )
          })}
        </ul>
      </section>
      <section className="panel">
        <header className="panel-head">
          <h2>Nothing arrives?</h2>
        </header>
        <ul className="waiting-hints">
          <li>
            In a container, use <code>host.docker.internal</code> in place of <code>localhost</code>.
          </li>
          <li>
            Behind a proxy, allow POST to <code>/v1/traces</code>, <code>/v1/logs</code> and <code>/v1/metrics</code>.
          </li>
          <li>Short scripts must flush before they exit.</li>
        </ul>
      </section>
    </aside>
  )
}
