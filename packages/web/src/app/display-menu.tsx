import { Menu, useMantineColorScheme } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { setPreferences, usePreferences } from './preferences.ts'

const schemes = [
  ['auto', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const

const zones = [
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
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(schemes.find(([scheme]) => scheme === value)?.[0] ?? 'auto')}
        >
          <Menu.Label>Colours</Menu.Label>
          {schemes.map(([value, label]) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.RadioGroup value={zone} onChange={(value) => setPreferences({ zone: value === 'utc' ? 'utc' : 'local' })}>
          <Menu.Label>Times</Menu.Label>
          {zones.map(([value, label]) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
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
