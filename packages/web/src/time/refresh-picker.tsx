import { Menu } from '@mantine/core'
import { IconChevronDown, IconRefresh } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { defaultRefresh, refreshSeconds } from '../app/search.ts'
import { isLive } from './range.ts'
import { useRange, useRefresh, useSetSearch } from './use-range.ts'
import './refresh-picker.css'

function label(seconds: string): string {
  if (seconds === '0') return 'Off'
  if (seconds === '2') return 'Live'
  return Number(seconds) < 60 ? `${seconds} s` : `${Number(seconds) / 60} min`
}

/** Refresh now, or how often; a fixed range is not refreshed, and the control says so. */
export function RefreshPicker() {
  const refresh = useRefresh()
  const live = isLive(useRange())
  const setSearch = useSetSearch()
  const queryClient = useQueryClient()
  // A fixed range is not refreshed, so choosing how often also goes back to a range that ends now.
  const choose = (seconds: string) =>
    setSearch({
      refresh: seconds === defaultRefresh ? undefined : seconds,
      ...(live ? {} : { from: undefined, to: undefined }),
    })
  const shown = live ? label(refresh) : 'Fixed'
  return (
    <div className="button-group refresh-picker">
      <button
        type="button"
        className="button is-icon"
        onClick={() => queryClient.invalidateQueries()}
        aria-label="Refresh now"
      >
        <IconRefresh size={16} aria-hidden />
      </button>
      <Menu position="bottom-end" width={140} classNames={{ dropdown: 'menu', item: 'menu-item' }}>
        <Menu.Target>
          <button
            type="button"
            className="button"
            aria-label={`Refresh: ${shown}`}
            title={live ? undefined : 'The range does not end now'}
          >
            {live && refresh === '2' && <span className="live-dot" aria-hidden="true" />}
            {shown}
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.RadioGroup value={refresh} onChange={choose}>
            {refreshSeconds.map((seconds) => (
              <Menu.RadioItem key={seconds} value={seconds} closeMenuOnClick>
                {label(seconds)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
