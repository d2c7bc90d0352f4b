import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconFilter } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import './facets.css'

/** Filters beside a list: a column of 192 px; below 1100 px a button that opens them as a drawer. */
export function FacetColumn({ active, children }: { active: number; children: ReactNode }) {
  const isNarrow = useMediaQuery('(max-width: 1100px)', false, { getInitialValueInEffect: false })
  const [opened, setOpened] = useState(false)
  if (!isNarrow) {
    return (
      <aside className="facets" aria-label="Filters">
        {children}
      </aside>
    )
  }
  return (
    <>
      <button type="button" className="button facets-open" onClick={() => setOpened(true)}>
        <IconFilter size={16} aria-hidden />
        Filters
        {active > 0 && <b>{active}</b>}
      </button>
      <Drawer
        opened={opened}
        onClose={() => setOpened(false)}
        title="Filters"
        position="right"
        size={320}
        transitionProps={{ duration: 100 }}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <div className="facets">{children}</div>
      </Drawer>
    </>
  )
}

/** One group of a facet column, under the name of its field. */
export function Facet({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className="facet">
      <legend className="mono">{name}</legend>
      {children}
    </fieldset>
  )
}
