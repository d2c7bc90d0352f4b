import { useState } from 'react'
import { useKeys } from '../keyboard/keys.ts'

/** `j` and `k` move through a list of `length` rows, Enter opens the row. -1 is before the first. */
export function useListKeys(length: number, open: (index: number) => void, show: (index: number) => void) {
  const [selected, setSelected] = useState(-1)
  const move = (by: number) => {
    const next = Math.min(length - 1, Math.max(0, selected + by))
    if (length === 0) return
    setSelected(next)
    // Enter is for the selected row now, not for a control that was pressed before.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    show(next)
  }
  useKeys([
    { keys: 'j', does: 'Next row', run: () => move(1) },
    { keys: 'k', does: 'Row before', run: () => move(-1) },
    { keys: 'Enter', does: 'Open the row', run: () => selected >= 0 && selected < length && open(selected) },
  ])
  return { selected, setSelected }
}
