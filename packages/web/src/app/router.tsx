import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router'
import { Frame } from './frame.tsx'
import { Page } from './page.tsx'
import { parseSearch, pick, stringifySearch } from './search.ts'

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, validateSearch: (search) => search })

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: pick([]),
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([overview]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: false,
})

function NotFound() {
  return (
    <Page title="Not found">
      <p>
        There is no page at this address. <Link to="/">Go to the overview</Link>
      </p>
    </Page>
  )
}
