import { setImmediate } from 'node:timers/promises'
import type { Job } from '../../background/scheduler/jobs.ts'
import type { Lease } from '../../background/scheduler/lease.ts'
import type { ClickhouseReader } from '../../storage/clickhouse/reader.ts'
import { allSpaces } from '../../storage/clickhouse/space-filter.ts'
import type { Database } from '../../storage/database/database.ts'
import type { VersionsTable } from '../../storage/database/tables.ts'

/** Most runs look at who sent something lately; now and then one looks at all, for what waited long in the spool. */
const shallowSeconds = 2 * 3600
const deepSeconds = 30 * 24 * 3600
const deepEveryMs = 3_600_000
const maxVersions = 10_000
const longest = 200
/** Rows of one insert. */
const maxAtOnce = 500
/** Of a service in an environment. One that calls itself anew at every start is not deployed that often. */
const maxOfAPlace = 5000

const query = `
SELECT space, service, attr_s['service.version'] AS version,
  if(attr_s['deployment.environment.name'] != '', attr_s['deployment.environment.name'], attr_s['deployment.environment']) AS environment,
  toUnixTimestamp(min(resources.received)) AS seen
FROM resources
WHERE received >= now() - {seconds:UInt32} AND version != '' AND service != ''
  AND length(version) <= ${longest} AND length(environment) <= ${longest}
GROUP BY space, service, version, environment
ORDER BY seen, version LIMIT ${maxVersions}`

interface VersionRow {
  readonly space: string
  readonly service: string
  readonly version: string
  readonly environment: string
  /** Epoch seconds. */
  readonly seen: number
}

/** Keeps when each version of each service was seen first, longer than its telemetry is kept. */
export function seenVersionsJob(database: Database, reader: ClickhouseReader, everyMs = 15_000): Job {
  let deepAt = Number.NEGATIVE_INFINITY
  return {
    name: 'seen versions',
    everyMs,
    async run(lease) {
      const now = Date.now()
      const deep = now - deepAt >= deepEveryMs
      const rows = await reader.query<VersionRow>({
        sql: query,
        space: allSpaces,
        params: { seconds: deep ? deepSeconds : shallowSeconds },
      })
      await keepVersions(database, rows, lease)
      if (deep) deepAt = now
    },
  }
}

/** @param rows earliest first */
export async function keepVersions(
  database: Database,
  rows: readonly VersionRow[],
  lease: Pick<Lease, 'fenced'>,
): Promise<void> {
  if (rows.length === 0) return
  const known = await database
    .selectFrom('versions')
    .select(['space', 'service', 'environment', 'version'])
    .where('service', 'in', [...new Set(rows.map(({ service }) => service))])
    .execute()
  const placeOf = ({ space, service, environment }: Omit<VersionRow, 'version' | 'seen'>) =>
    JSON.stringify([space, service, environment])
  const versions = new Set(known.map((row) => `${placeOf(row)} ${row.version}`))
  const places = new Map<string, number>()
  for (const row of known) places.set(placeOf(row), (places.get(placeOf(row)) ?? 0) + 1)
  const fresh: VersionsTable[] = []
  for (const row of rows) {
    const place = placeOf(row)
    const sofar = places.get(place) ?? 0
    if (versions.has(`${place} ${row.version}`) || sofar >= maxOfAPlace) continue
    const { space, service, version, environment, seen } = row
    fresh.push({ space, service, version, environment, first_seen: seen * 1000, initial: sofar === 0 ? 1 : 0 })
    places.set(place, sofar + 1)
  }
  for (let at = 0; at < fresh.length; at += maxAtOnce) {
    await lease.fenced((transaction) =>
      transaction
        .insertInto('versions')
        .values(fresh.slice(at, at + maxAtOnce))
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    )
    // On SQLite an insert is done before anything else is: requests that wait come in between.
    await setImmediate()
  }
}
