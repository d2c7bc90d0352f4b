import { Link } from '@tanstack/react-router'
import { DisplayMenu } from './display-menu.tsx'
import { Mark } from './mark.tsx'
import { pages } from './pages.ts'
import { keepRange } from './search.ts'

/** The navigation on the left: 176 px, 48 when collapsed. */
export function Rail({ onShowKeys }: { onShowKeys: () => void }) {
  return (
    <aside className="rail">
      <Link to="/" search={keepRange} className="rail-brand" aria-label="Burstlet, overview">
        <Mark />
        <span className="rail-text">Burstlet</span>
      </Link>
      <nav aria-label="Pages">
        {pages.map(({ path, title, icon: Icon }) => (
          <Link
            key={path}
            to={path}
            search={keepRange}
            className="rail-link"
            activeOptions={{ exact: path === '/', includeSearch: false }}
            activeProps={{ className: 'rail-link is-active', 'aria-current': 'page' }}
            title={title}
          >
            <Icon size={16} stroke={1.75} aria-hidden />
            <span className="rail-text">{title}</span>
          </Link>
        ))}
      </nav>
      <div className="rail-foot">
        <DisplayMenu onShowKeys={onShowKeys} />
      </div>
    </aside>
  )
}
