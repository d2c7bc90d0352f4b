import { createRootRoute, createRoute, createRouter, Link, lazyRouteComponent } from '@tanstack/react-router'
import { Frame } from './frame.tsx'
import { Page } from './page.tsx'
import { PageError } from './page-error.tsx'
import { parseSearch, pick, stringifySearch } from './search.ts'

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, validateSearch: (search) => search })

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: pick([]),
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
})

const services = createRoute({
  getParentRoute: () => root,
  path: '/services',
  validateSearch: pick(['sort']),
  component: lazyRouteComponent(() => import('../services/services-page.tsx'), 'ServicesPage'),
})

const traces = createRoute({
  getParentRoute: () => root,
  path: '/traces',
  validateSearch: pick(['service', 'operation', 'status', 'minDuration', 'maxDuration', 'filter']),
  component: lazyRouteComponent(() => import('../traces/traces-page.tsx'), 'TracesPage'),
})

const trace = createRoute({
  getParentRoute: () => root,
  path: '/traces/$traceId',
  validateSearch: pick(['span', 'tab', 'details', 'line']),
  component: lazyRouteComponent(() => import('../trace/trace-page.tsx'), 'TracePage'),
})

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: pick(['level', 'service', 'search', 'traceId', 'filter', 'line']),
  component: lazyRouteComponent(() => import('../logs/logs-page.tsx'), 'LogsPage'),
})

const ingest = createRoute({
  getParentRoute: () => root,
  path: '/ingest',
  validateSearch: pick([]),
  component: lazyRouteComponent(() => import('../ingest/ingest-page.tsx'), 'IngestPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([overview, services, traces, trace, logs, ingest]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
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
