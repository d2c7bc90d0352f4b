import { z } from 'zod'

/** What a request may be allowed to do. A route needs one of them; `admin` includes the others, which include nothing else. */
export const scope = z.enum(['ingest', 'read', 'write', 'admin'])
export type Scope = z.infer<typeof scope>

/** What each scope allows. */
export const scopeMeanings: Readonly<Record<Scope, string>> = {
  ingest: 'send telemetry',
  read: 'read telemetry, and what was recorded beside it',
  write: 'change what people edit: annotations, source maps',
  admin:
    'everything: SQL, sessions and sign-in links, and what ClickHouse refused to store. It includes the other scopes',
}
