import type { Migration } from 'kysely/migration'
import * as installation from './migrations/0001_installation.ts'
import * as leases from './migrations/0002_leases.ts'
import * as deployments from './migrations/0010_deployments.ts'
import * as sourceMaps from './migrations/0011_source_maps.ts'
import * as sessions from './migrations/0020_sessions.ts'
import * as scheduler from './migrations/0027_scheduler.ts'
import * as ingestReports from './migrations/0030_ingest_reports.ts'

/**
 * Applied in the order of their names, each once, on SQLite and PostgreSQL alike. Databases remember the names: a released one is
 * never renamed, changed or removed, and a new one sorts behind all of them. A migration imports nothing of the server, since
 * what it does stays the same when the tables of today no longer look like that.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_installation': installation,
  '0002_leases': leases,
  '0010_deployments': deployments,
  '0011_source_maps': sourceMaps,
  '0020_sessions': sessions,
  '0027_scheduler': scheduler,
  '0030_ingest_reports': ingestReports,
}
