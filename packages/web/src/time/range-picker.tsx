import { Popover } from '@mantine/core'
import { IconChevronDown, IconChevronLeft, IconChevronRight, IconClock, IconZoomOut } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { between } from '../format/clock.ts'
import { useKeys } from '../keyboard/keys.ts'
import { isLive, presets, type Range, rangeFault, rangeName, resolve, step, zoomOut } from './range.ts'
import { useRange, useSetSearch } from './use-range.ts'
import './range-picker.css'
import { zoneName } from '../format/clock.ts'

/** The time range of the page: back, choose, forward, zoom out. All of it goes to the URL. */
export function RangePicker() {
  const range = useRange()
  const setSearch = useSetSearch()
  const [opened, setOpened] = useState(false)
  const set = (next: Range) => {
    setSearch({ ...next })
    setOpened(false)
  }
  const move = (direction: -1 | 1) => set(step(range, direction, Date.now()))
  const widen = () => set(zoomOut(range, Date.now()))
  useKeys([
    { keys: ',', does: 'Step back in time', run: () => move(-1) },
    { keys: '.', does: 'Step forward in time', run: () => move(1) },
    { keys: '-', does: 'Zoom out', run: widen },
  ])
  const now = Date.now()
  const span = resolve(range, now)
  const times = `${between(span.from, span.to, now)} ${zoneName()}`
  const name = rangeName(range)

  return (
    <div className="button-group range-picker">
      <button type="button" className="button is-icon" onClick={() => move(-1)} aria-label="Step back in time">
        <IconChevronLeft size={16} aria-hidden />
      </button>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus classNames={{ dropdown: 'menu' }}>
        <Popover.Target>
          <button type="button" className="button" onClick={() => setOpened(!opened)} title={times}>
            <IconClock size={16} aria-hidden />
            <span>{name ?? times}</span>
            {name && <span className="range-times">{times}</span>}
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Popover.Target>
        <Popover.Dropdown>
          <RangeForm range={range} onChoose={set} />
        </Popover.Dropdown>
      </Popover>
      <button
        type="button"
        className="button is-icon"
        onClick={() => move(1)}
        disabled={isLive(range)}
        aria-label="Step forward in time"
      >
        <IconChevronRight size={16} aria-hidden />
      </button>
      <button type="button" className="button is-icon" onClick={widen} aria-label="Zoom out">
        <IconZoomOut size={16} aria-hidden />
      </button>
    </div>
  )
}

function RangeForm({ range, onChoose }: { range: Range; onChoose: (range: Range) => void }) {
  const [draft, setDraft] = useState(range)
  const [fault, setFault] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = rangeFault(draft, Date.now())
    setFault(problem)
    if (!problem) onChoose({ from: draft.from.trim(), to: draft.to.trim() })
  }
  return (
    <form className="range-form" onSubmit={submit}>
      <div className="range-presets">
        {presets.map((length) => {
          const preset = { from: `now-${length}`, to: 'now' }
          const isChosen = range.from === preset.from && range.to === 'now'
          return (
            <button
              key={length}
              type="button"
              className="menu-item"
              aria-current={isChosen}
              onClick={() => onChoose(preset)}
            >
              {rangeName(preset)}
            </button>
          )
        })}
      </div>
      <div className="range-fields">
        <label>
          From
          <input
            className="field"
            value={draft.from}
            aria-invalid={fault?.startsWith('From') ?? false}
            onChange={(event) => setDraft({ ...draft, from: event.currentTarget.value })}
          />
        </label>
        <label>
          To
          <input
            className="field"
            value={draft.to}
            aria-invalid={fault?.startsWith('To') ?? false}
            onChange={(event) => setDraft({ ...draft, to: event.currentTarget.value })}
          />
        </label>
        <button type="submit" className="button is-primary">
          Show
        </button>
        {fault && (
          <p className="is-error" role="alert">
            {fault}
          </p>
        )}
      </div>
    </form>
  )
}
