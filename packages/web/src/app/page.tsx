import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { RangePicker } from '../time/range-picker.tsx'
import { RefreshPicker } from '../time/refresh-picker.tsx'
import { DisplayMenu } from './display-menu.tsx'
import { Mark } from './mark.tsx'
import { keepRange } from './search.ts'

interface PageProps {
  title: string
  /** The page above this one, as a link before the title. */
  parent?: { title: string; path: '/traces' | '/services' }
  /** The page's list scrolls by itself, so the page must not. */
  fitted?: boolean
  children: ReactNode
}

/** One page: the top bar with title, time range and refresh, and the content below it. */
export function Page({ title, parent, fitted = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Burstlet Monitoring`
  }, [title])
  return (
    <div className="page">
      <header className="top-bar">
        <Mark />
        <h1>
          {parent && (
            <>
              <Link to={parent.path} search={keepRange}>
                {parent.title}
              </Link>
              <IconChevronRight size={14} aria-hidden />
            </>
          )}
          <span className="ellipsis" title={title}>
            {title}
          </span>
        </h1>
        <RangePicker />
        <RefreshPicker />
        <span className="phone-only">
          <DisplayMenu compact />
        </span>
      </header>
      <main className={fitted ? 'content is-fitted' : 'content'} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
