import { Modal } from '@mantine/core'
import { useState } from 'react'
import { ago } from '../format/clock.ts'
import { bytes, count, plural } from '../format/number.ts'
import { EmptyState } from '../panel/empty-state.tsx'
import { Panel } from '../panel/panel.tsx'
import { useRefusedSegmentChange, useRefusedSegments } from './use-ingest.ts'

/** Rows that ClickHouse did not take, with what it said; to be sent again or given up. */
export function RefusedPanel() {
  const query = useRefusedSegments()
  const change = useRefusedSegmentChange()
  const [dropping, setDropping] = useState<{ id: string; rows: number; table: string }>()
  const items = query.data?.items ?? []
  return (
    <Panel
      title="Refused by ClickHouse"
      note={query.data && plural(items.length, 'segment')}
      query={query}
      className="ingest-refused"
    >
      {change.error && (
        <p className="ingest-failure" role="alert">
          {change.error.detail}
        </p>
      )}
      {query.data && items.length === 0 ? (
        <EmptyState title="ClickHouse took everything" />
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col" className="num">
                Rows
              </th>
              <th scope="col" className="num wide-only">
                Size
              </th>
              <th scope="col" className="wide-only">
                When
              </th>
              <th scope="col">What it said</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ id, table, rows, bytes: size, refusedAt, error }) => (
              <tr key={id}>
                <th scope="row">{table}</th>
                <td className="num">{count(rows)}</td>
                <td className="num wide-only">{bytes(size)}</td>
                <td className="wide-only">{ago(Date.parse(refusedAt), Date.now())} ago</td>
                <td className="ingest-error" title={error}>
                  {error}
                </td>
                <td className="ingest-actions">
                  <button
                    type="button"
                    className="button"
                    disabled={change.isPending}
                    onClick={() => change.mutate({ id, action: 'retry' })}
                  >
                    Send again
                  </button>
                  <button type="button" className="button" onClick={() => setDropping({ id, rows, table })}>
                    Drop
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Modal
        opened={dropping !== undefined}
        onClose={() => setDropping(undefined)}
        title="Give these rows up?"
        size={420}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <p>
          {dropping && plural(dropping.rows, 'row')} for <code>{dropping?.table}</code> will be gone for good.
        </p>
        <div className="ingest-actions">
          <button type="button" className="button" onClick={() => setDropping(undefined)}>
            Keep
          </button>
          <button
            type="button"
            className="button is-primary"
            onClick={() => {
              if (dropping) change.mutate({ id: dropping.id, action: 'drop' })
              setDropping(undefined)
            }}
          >
            Drop
          </button>
        </div>
      </Modal>
    </Panel>
  )
}
