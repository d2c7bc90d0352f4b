import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconCheck } from '@tabler/icons-react'
import { setPreferences, usePreferences } from './preferences.ts'

const SCHEMES = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const

const ZONES = [
  ['local', 'Local time'],
  ['utc', 'UTC'],
] as const

/** Scheme, time zone and keys: what a reader sets for this browser. */
export function DisplayMenu({ onShowKeys, compact = false }: { onShowKeys?: () => void; compact?: boolean }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { zone } = usePreferences()
  return (
    <Menu position="top-start" width={200} classNames={{ dropdown: 'menu', item: 'menu-item' }}>
      <Menu.Target>
        <button type="button" className={compact ? 'button is-icon' : 'rail-link'} title="Display" aria-label="Display">
          <IconAdjustmentsHorizontal size={16} stroke={1.75} aria-hidden />
          {!compact && <span className="rail-text">Display</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {SCHEMES.map(([value, label]) => (
          <Choice key={value} chosen={colorScheme === value} label={label} onChoose={() => setColorScheme(value)} />
        ))}
        <Menu.Label>Times</Menu.Label>
        {ZONES.map(([value, label]) => (
          <Choice key={value} chosen={zone === value} label={label} onChoose={() => setPreferences({ zone: value })} />
        ))}
        {onShowKeys && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={onShowKeys} rightSection={<kbd>?</kbd>}>
              Keys
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function Choice({ chosen, label, onChoose }: { chosen: boolean; label: string; onChoose: () => void }) {
  return (
    <Menu.Item
      role="menuitemradio"
      aria-checked={chosen}
      onClick={onChoose}
      rightSection={chosen ? <IconCheck size={14} aria-hidden /> : null}
    >
      {label}
    </Menu.Item>
  )
}
