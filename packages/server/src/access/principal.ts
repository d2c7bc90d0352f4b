import { type Scope, scope } from '@burstlet/contract/access'
import type { FastifyRequest } from 'fastify'

/** Who asks, in which space, and what they may. */
export interface Principal {
  /** Unique among all principals, and no secret, such as `session:0197…`. Turns of heavy queries and places of tails go by it. */
  readonly id: string
  readonly kind: 'user' | 'key' | 'session' | 'public-link'
  /** The tenant that the request belongs to. */
  readonly space: string
  /** What the principal is in its space. */
  readonly role: 'viewer' | 'editor' | 'admin'
  readonly scopes: ReadonlySet<Scope>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined only on a route that is public. */
    principal: Principal | undefined
    /** Whether the principal would be let in again: not once its session has ended. */
    isStillPermitted(): Promise<boolean>
  }
}

export const allScopes: ReadonlySet<Scope> = new Set(scope.options)

/** Reads who asks. @throws Error, a fault of the server, on a public route, which knows nobody */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error('A request without a principal asks for what belongs to one.')
  return request.principal
}

/** Whether a principal may do what needs that scope. */
export function permits({ scopes }: Pick<Principal, 'scopes'>, needed: Scope): boolean {
  return scopes.has(needed) || scopes.has('admin')
}
