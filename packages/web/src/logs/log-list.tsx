import { useMediaQuery } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import type { LogRecord } from '../api/responses.ts'
import { zoneName } from '../format/clock.ts'
import { useKeys } from '../keyboard/keys.ts'
import { useListKeys } from '../list/use-list-keys.ts'
import { useSetSearch } from '../time/use-range.ts'
import { LogLine } from './log-line.tsx'
import './log-list.css'

const row = 24
const rowOnPhone = 46

interface LogListProps {
  lines: readonly LogRecord[]
  label: string
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  /** Called with whether the reader has gone down from the newest line. */
  onScrolled?: (isDown: boolean) => void
  /** Above the lines, such as what arrived meanwhile. */
  notice?: ReactNode
}

/** What tells one line from every other: its time and id, as they stand in the URL. */
export function lineKey(line: LogRecord): string {
  return `${line.timeUnixNano}-${line.id}`
}

/** Log lines, newest first; virtual, and a line opens in place. The open line stands in the URL. */
export function LogList({ lines, label, query, onScrolled, notice }: LogListProps) {
  const box = useRef<HTMLDivElement>(null)
  const { line: openKey } = useSearch({ strict: false }) as { line?: string }
  const setSearch = useSetSearch()
  const isPhone = useMediaQuery('(max-width: 720px)', false, { getInitialValueInEffect: false })
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => (isPhone ? rowOnPhone : row),
    getItemKey: (index) => lineKey(lines[index]!),
    overscan: 20,
  })
  const toggle = (key: string) => setSearch({ line: key === openKey ? undefined : key }, { replace: true })
  const { selected, setSelected } = useListKeys(
    lines.length,
    (index) => toggle(lineKey(lines[index]!)),
    (index) => virtual.scrollToIndex(index),
  )
  useKeys([{ keys: 'Escape', does: 'Close the line', run: () => setSearch({ line: undefined }, { replace: true }) }])

  const visible = virtual.getVirtualItems()
  const last = visible.at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lines.length > 0 && last >= lines.length - 60) fetchNextPage()
  }, [last, lines.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  return (
    <div className="log-list">
      <div className="log-row log-head" aria-hidden="true">
        <span>Time, {zoneName()}</span>
        <span>Level</span>
        <span>Service</span>
        <span>Message</span>
      </div>
      {notice}
      <div
        className="log-lines"
        ref={box}
        role="feed"
        aria-label={label}
        aria-busy={isFetchingNextPage}
        onScroll={(event) => onScrolled?.(event.currentTarget.scrollTop > 4)}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {visible.map(({ index, start, key }) => (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className="log-item"
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogLine
                line={lines[index]!}
                isOpen={lineKey(lines[index]!) === openKey}
                isSelected={index === selected}
                onToggle={() => {
                  setSelected(index)
                  toggle(lineKey(lines[index]!))
                }}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}
