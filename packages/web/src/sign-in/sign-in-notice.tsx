import { IconLock } from '@tabler/icons-react'
import { Mark } from '../app/mark.tsx'
import { linkWasRefused } from './session.ts'
import './sign-in-notice.css'

/** Shown instead of everything when the API answers 401: one calm page with the way in. */
export function SignInNotice() {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <p className="sign-in-brand">
          <Mark /> Burstlet Monitoring
        </p>
        <h1>
          <IconLock size={20} aria-hidden />{' '}
          {linkWasRefused ? 'This sign-in link is no longer good' : 'You are not signed in'}
        </h1>
        {linkWasRefused ? (
          <p>A sign-in link works once, within 15 minutes. Get a new one where the server runs:</p>
        ) : (
          <>
            <p>
              Open the sign-in link that the server printed when it started. It is in the terminal where{' '}
              <code>npm start</code> runs, and looks like this:
            </p>
            <pre className="mono">{`${location.origin}/sign-in?token=…`}</pre>
            <p>It works once, within 15 minutes. To get a new one:</p>
          </>
        )}
        <pre className="mono">npm start -- --sign-in-link</pre>
        <p className="dim">The link opens a session in this browser. Programs use an API key instead.</p>
        <button type="button" className="button is-primary" onClick={() => location.reload()}>
          Try again
        </button>
      </div>
    </main>
  )
}
