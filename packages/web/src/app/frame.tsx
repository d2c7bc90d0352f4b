import { Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { KeyList } from '../keyboard/key-list.tsx'
import { type Binding, useKeys } from '../keyboard/keys.ts'
import { useSignedOut } from '../sign-in/session.ts'
import { SignInNotice } from '../sign-in/sign-in-notice.tsx'
import { BottomTabs } from './bottom-tabs.tsx'
import { pages } from './pages.ts'
import { setPreferences, usePreferences } from './preferences.ts'
import { Rail } from './rail.tsx'
import { keepRange } from './search.ts'
import './frame.css'

/** What surrounds every page: rail, bottom tabs on a phone, the keys that work everywhere. */
export function Frame() {
  const { railCollapsed, zone } = usePreferences()
  const [keysOpened, setKeysOpened] = useState(false)
  const navigate = useNavigate()
  const goTo: Binding[] = pages.map((page) => ({
    keys: `g ${page.key}`,
    does: `Go to ${page.title}`,
    run: () => navigate({ to: page.path, search: keepRange }),
  }))
  useKeys([
    ...goTo,
    { keys: '/', does: 'Filter', run: focusFilter },
    { keys: '[', does: 'Narrow or widen the rail', run: () => setPreferences({ railCollapsed: !railCollapsed }) },
    { keys: '?', does: 'Show this list', run: () => setKeysOpened(true) },
  ])

  if (useSignedOut()) return <SignInNotice />
  return (
    <div className="frame" data-rail={railCollapsed ? 'collapsed' : 'full'}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Rail onShowKeys={() => setKeysOpened(true)} />
      {/* Times are formatted outside React's sight, so another zone draws the page anew. */}
      <Outlet key={zone} />
      <BottomTabs />
      <KeyList opened={keysOpened} onClose={() => setKeysOpened(false)} />
    </div>
  )
}

function focusFilter() {
  document.querySelector<HTMLInputElement>('[data-filter]')?.focus()
}
