import { IconAlertTriangle, IconLock } from '@tabler/icons-react'
import type { ApiError } from '../api/client.ts'

/** Code, cause and the way out, in place of what could not be shown. */
export function ErrorState({ error, onRetry }: { error: ApiError; onRetry: () => unknown }) {
  const isForbidden = error.status === 403
  return (
    <div className="state" role="alert">
      {isForbidden ? (
        <IconLock size={20} aria-hidden />
      ) : (
        <IconAlertTriangle size={20} className="is-warning" aria-hidden />
      )}
      <p className="state-title">{isForbidden ? 'You may not see this' : error.detail}</p>
      {isForbidden && <p>{error.detail}</p>}
      {error.errors.map((field) => (
        <p key={`${field.path} ${field.message}`}>
          <code>{field.path}</code> {field.message}
        </p>
      ))}
      <p className="dim">
        <code>{error.code}</code>
        {error.requestId && (
          <>
            {' '}
            request <code>{error.requestId}</code>
          </>
        )}
      </p>
      <button type="button" className="button" onClick={() => onRetry()}>
        Try again
      </button>
    </div>
  )
}
