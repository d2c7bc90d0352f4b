import { Link } from '@tanstack/react-router'
import { pages } from './pages.ts'
import { keepRange } from './search.ts'

/** On a phone the pages are tabs at the bottom, 44 px and more to touch. */
export function BottomTabs() {
  return (
    <nav className="bottom-tabs" aria-label="Pages">
      {pages.map(({ path, title, icon: Icon }) => (
        <Link
          key={path}
          to={path}
          search={keepRange}
          className="bottom-tab"
          activeOptions={{ exact: path === '/', includeSearch: false }}
          activeProps={{ className: 'bottom-tab is-active', 'aria-current': 'page' }}
        >
          <Icon size={20} stroke={1.75} aria-hidden />
          {title}
        </Link>
      ))}
    </nav>
  )
}
