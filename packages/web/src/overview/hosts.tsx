import type { HostNow } from '../api/responses.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import type { OverviewProps } from './overview-query.ts'
import './hosts.css'

const warningFrom = 80
const errorFrom = 90

/** Hosts with CPU, memory and the fullest disk, the fullest host first. */
export function Hosts({ query }: OverviewProps) {
  const hosts = (query.data?.system ?? []).toSorted((a, b) => fullest(b) - fullest(a))
  return (
    <Panel title="Hosts" note={query.data && `${hosts.length}, fullest first`} query={query}>
      {query.data && hosts.length === 0 && (
        <EmptyState title="No host metrics in this range">
          <p>The SDK and the Collector's host metrics receiver send them.</p>
        </EmptyState>
      )}
      {hosts.length > 0 && (
        <table className="hosts">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">CPU</th>
              <th scope="col">Memory</th>
              <th scope="col">Disk</th>
            </tr>
          </thead>
          <tbody>
            {hosts.map((host) => (
              <tr key={host.host}>
                <th scope="row">
                  <div className="ellipsis" title={host.host}>
                    {host.host}
                  </div>
                </th>
                <Usage name="CPU" value={host.cpu} />
                <Usage name="Memory" value={host.memory} />
                <Usage name="Disk" value={host.disk} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function fullest(host: HostNow): number {
  return Math.max(host.cpu ?? 0, host.memory ?? 0, host.disk ?? 0)
}

/** A share of 0 to 100 as a bar with its value. */
function Usage({ name, value }: { name: string; value: number | null }) {
  if (value === null) return <td className="dim">—</td>
  const tone = value >= errorFrom ? 'error' : value >= warningFrom ? 'warning' : 'neutral'
  return (
    <td>
      <span className={`usage is-${tone}`} title={`${name} ${value.toFixed(1)} %`}>
        <span className="usage-bar" aria-hidden="true">
          <span style={{ width: `${Math.min(100, Math.max(0, value))}%` }} />
        </span>
        <span className="num">{Math.round(value)} %</span>
      </span>
    </td>
  )
}
