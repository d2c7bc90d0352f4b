import type { ApiKeys } from '../src/access/api-guard.ts'
import { allScopes, type Principal } from '../src/access/principal.ts'
import { defaultSpace } from '../src/config/default-space.ts'

/** What a test says of a principal; the rest is that of an administrator in the first space. */
export interface TestPrincipal {
  readonly id?: string
  readonly space?: string
  readonly scopes?: Iterable<string>
}

/** The Authorization header of a key of that principal, for an app whose keys are `testKeys`. */
export function bearer({ id = 'test', space = defaultSpace, scopes = allScopes }: TestPrincipal = {}): string {
  return `Bearer ${Buffer.from(JSON.stringify({ id, space, scopes: [...scopes] })).toString('base64url')}`
}

/** Keys that say themselves whose they are. */
export const testKeys: ApiKeys = {
  principalOf(authorization) {
    const key = /^Bearer (\S+)$/.exec(authorization)?.[1]
    if (key === undefined) return undefined
    const { id, space, scopes } = JSON.parse(Buffer.from(key, 'base64url').toString())
    return { id, kind: 'key', space, role: 'admin', scopes: new Set(scopes) } satisfies Principal
  },
}
