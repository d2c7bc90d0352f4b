import type { ErrorComponentProps } from '@tanstack/react-router'
import { Page } from './page.tsx'

/** Shown when a page cannot be drawn: the frame stays, so the other pages can still be reached. */
export function PageError({ error }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <section className="panel">
        <div className="state" role="alert">
          <p className="state-title">The page could not be shown</p>
          <p>
            <code>{error instanceof Error ? error.message : String(error)}</code>
          </p>
          <button type="button" className="button" onClick={() => location.reload()}>
            Load it again
          </button>
        </div>
      </section>
    </Page>
  )
}
