import {
  IconInbox,
  IconLayoutDashboard,
  IconListDetails,
  IconStack2,
  IconTimeline,
  type TablerIcon,
} from '@tabler/icons-react'

/** The pages that exist, in the order of the rail; tabs, keys and the list of keys follow from it. */
export const pages = [
  { path: '/', title: 'Overview', icon: IconLayoutDashboard, key: 'o' },
  { path: '/services', title: 'Services', icon: IconStack2, key: 's' },
  { path: '/traces', title: 'Traces', icon: IconTimeline, key: 't' },
  { path: '/logs', title: 'Logs', icon: IconListDetails, key: 'l' },
  { path: '/ingest', title: 'Ingest', icon: IconInbox, key: 'i' },
] as const satisfies readonly { path: string; title: string; icon: TablerIcon; key: string }[]
