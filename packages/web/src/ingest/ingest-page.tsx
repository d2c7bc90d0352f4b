import type { Ingest } from '../api/responses.ts'
import { Page } from '../app/page.tsx'
import { ago } from '../format/clock.ts'
import { durationText } from '../format/duration.ts'
import { bytes, count, plural } from '../format/number.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { ArrivalChart } from './arrival-chart.tsx'
import { RefusedPanel } from './refused-panel.tsx'
import { type IngestQuery, useIngest } from './use-ingest.ts'
import './ingest-page.css'

/** What came in and from whom, what was left out and why, what waits for ClickHouse. */
export function IngestPage() {
  const query = useIngest()
  return (
    <Page title="Ingest">
      <div className="ingest-grid">
        <ArrivalChart query={query} />
        <SpoolPanel query={query} />
        <KeysPanel query={query} />
        <RejectionsPanel query={query} />
        <RefusedPanel />
      </div>
    </Page>
  )
}

function SpoolPanel({ query }: { query: IngestQuery }) {
  const { data } = query
  return (
    <Panel title="On the way to ClickHouse" query={query}>
      {data && (
        <dl className="ingest-facts">
          {facts(data).map(([name, value, tone = '']) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd className={tone}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  )
}

function facts({ spool, inserts, storage }: Ingest): [string, string, string?][] {
  const seconds = (value: number | null) => durationText(value === null ? null : value * 1000)
  return [
    ['Taking in', spool.refusal ? `No. ${spool.refusal}` : 'Yes', spool.accepting ? '' : 'is-error'],
    ['Waiting', `${count(spool.rows)} rows, ${bytes(spool.bytes)} of ${bytes(spool.capBytes)}`],
    ['Oldest', spool.oldestSeconds === null ? 'Nothing waits' : `${seconds(spool.oldestSeconds)} old`],
    ['Inserts', `${count(inserts.segments)}, ${plural(inserts.rows, 'row')}`],
    ['Insert time', `p50 ${seconds(inserts.p50Seconds)}, p99 ${seconds(inserts.p99Seconds)}`],
    ...storage.disks.map((disk): [string, string, string] => [
      `Disk of ${disk.holds.join(' and ')}`,
      `${bytes(disk.freeBytes)} free of ${bytes(disk.totalBytes)}, ${bytes(disk.minFreeBytes)} kept free`,
      disk.freeBytes < disk.minFreeBytes ? 'is-error' : '',
    ]),
    ...(storage.brokenParts ?? []).map(({ table, name }): [string, string, string] => [
      'Damaged part',
      `${name} of ${table} is set aside; its rows are missing`,
      'is-error',
    ]),
    ...(inserts.lastError ? [['Failing now', inserts.lastError, 'is-error'] as [string, string, string]] : []),
  ]
}

function KeysPanel({ query }: { query: IngestQuery }) {
  const { data } = query
  return (
    <Panel title="By key" note={data && `since ${ago(Date.parse(data.since), Date.now())} ago`} query={query}>
      {data?.totals.length === 0 ? (
        <EmptyState title="Nothing has come in yet" />
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Signal</th>
              {['Accepted', 'Rejected', 'Requests', 'Repeated', 'Bytes'].map((title, i) => (
                <th key={title} scope="col" className={i < 2 ? 'num' : 'num wide-only'}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data?.totals.map((row) => (
              <tr key={`${row.key} ${row.signal}`}>
                <th scope="row">{row.key}</th>
                <td>{row.signal}</td>
                <td className="num">{count(row.accepted)}</td>
                <td className={row.rejected > 0 ? 'num is-warning' : 'num'}>{count(row.rejected)}</td>
                <td className="num wide-only">{count(row.requests)}</td>
                <td className="num wide-only">{count(row.repeated)}</td>
                <td className="num wide-only">{bytes(row.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

function RejectionsPanel({ query }: { query: IngestQuery }) {
  const { data } = query
  const rows = [
    ...(data?.rejections ?? []).map(({ signal, reason, count: times, first }) => ({
      name: `${reason.replaceAll('_', ' ')} (${signal})`,
      times,
      first,
    })),
    ...(data?.refusals ?? []).map(({ status, count: times }) => ({
      name: `Requests answered ${status}`,
      times,
      first: '',
    })),
  ]
  return (
    <Panel title="Not taken" query={query}>
      {data && rows.length === 0 ? (
        <EmptyState title="Everything was taken" />
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col" className="num">
                Count
              </th>
              <th scope="col" className="wide-only">
                The first
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, times, first }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="num">{count(times)}</td>
                <td className="wide-only">{first}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
