import { type Attributes, type Span, trace } from '@opentelemetry/api'
import { safely } from '../runtime/safely.ts'
import { type Identity, requestOf } from './request-state.ts'

/**
 * Says for whom the current request is made: its span, and every span and log that comes of it from now on, carry `user.id`
 * and `session.id`. Outside a request the active span carries them.
 *
 * @example identify({ user: account.id, session: request.sessionID })
 */
export function identify(identity: Identity): void {
  if (identity === undefined || identity === null) return
  safely('identify', () => identifyRequest(identity))
}

function identifyRequest(identity: Identity): void {
  const request = requestOf()
  if (request !== undefined) Object.assign(request.identity, definedParts(identity))
  const active = trace.getActiveSpan()
  request?.span.setAttributes(identityAttributes(identity))
  if (active !== undefined && active !== request?.span) active.setAttributes(identityAttributes(identity))
}

/** An identity as attributes of the semantic conventions. */
export function identityAttributes({ user, session }: Identity): Attributes {
  const attributes: Attributes = {}
  if (user !== undefined) attributes['user.id'] = String(user)
  if (session !== undefined) attributes['session.id'] = String(session)
  return attributes
}

/** Asks everybody who may know for whom a request was made. A hook that throws knows nothing. */
export function askFinders(span: Span, identity: Identity, finders: (() => Identity | undefined)[]): void {
  for (const find of finders) {
    try {
      Object.assign(identity, definedParts(find() ?? {}))
    } catch {
      // The service's own mistake must not become one of its responses.
    }
  }
  span.setAttributes(identityAttributes(identity))
}

function definedParts({ user, session }: Identity): Identity {
  return { ...(user == null ? {} : { user }), ...(session == null ? {} : { session }) }
}
