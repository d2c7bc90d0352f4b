import type { Annotation, AnnotationBody } from '@burstlet/contract/annotations'
import { v7 } from 'uuid'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { Database } from '../../storage/database/database.ts'
import type { DeploymentsTable, VersionsTable } from '../../storage/database/tables.ts'

/** How long before or after a deployment was recorded its first telemetry is the same deployment. */
const sameMs = 24 * 3600 * 1000
const maxOfARange = 10_000

export interface AnnotationSearch {
  readonly service?: string | undefined
  readonly environment?: string | undefined
}

/** Records a deployment. @param at epoch ms */
export async function recordDeployment(
  database: Database,
  space: string,
  { service, version, environment, commit, url }: Omit<AnnotationBody, 'time'>,
  at: number,
): Promise<Annotation> {
  const row = {
    id: v7(),
    space,
    service,
    version,
    environment,
    at,
    commit_id: commit ?? null,
    url: url ?? null,
  }
  await database.insertInto('deployments').values(row).execute()
  return recordedOf(row)
}

/** @returns whether there was one */
export async function deleteDeployment(database: Database, space: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await database
    .deleteFrom('deployments')
    .where('space', '=', space)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/**
 * Tells whether a version that was seen is one of some deployments.
 * @param deployments by time, the latest first
 */
function recordedAround(deployments: readonly DeploymentsTable[]): (version: VersionsTable) => boolean {
  const keyOf = (service: string, version: string, environment: string) =>
    JSON.stringify([service, version, environment])
  const times = new Map<string, number[]>()
  for (const { service, version, environment, at } of deployments) {
    const key = keyOf(service, version, environment)
    const known = times.get(key)
    if (known) known.push(at)
    else times.set(key, [at])
  }
  return ({ service, version, environment, first_seen }) => {
    // Whoever records a deployment without naming the environment means the one that there is.
    return ['', environment].some((where) => isNear(times.get(keyOf(service, version, where)) ?? [], first_seen))
  }
}

/** Whether one of some times, the latest first, is the same deployment as what was seen. */
function isNear(times: readonly number[], seen: number): boolean {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! >= seen + sameMs) low = middle + 1
    else high = middle
  }
  return low < times.length && times[low]! > seen - sameMs
}

/** What was recorded in a range and what was seen, each deployment once; newest first. */
export async function readAnnotations(
  database: Database,
  space: string,
  { from, to }: TimeRange,
  { service, environment }: AnnotationSearch,
): Promise<Annotation[]> {
  let recorded = database
    .selectFrom('deployments')
    .selectAll()
    .where('space', '=', space)
    .where('at', '>=', from - sameMs)
    .where('at', '<', to + sameMs)
  let seen = database
    .selectFrom('versions')
    .selectAll()
    .where('space', '=', space)
    .where('initial', '=', 0)
    .where('first_seen', '>=', from)
    .where('first_seen', '<', to)
  if (service !== undefined) {
    recorded = recorded.where('service', '=', service)
    seen = seen.where('service', '=', service)
  }
  if (environment !== undefined) {
    recorded = recorded.where('environment', '=', environment)
    seen = seen.where('environment', '=', environment)
  }
  const [deployments, versions] = await Promise.all([
    recorded.orderBy('at', 'desc').limit(maxOfARange).execute(),
    seen.orderBy('first_seen', 'desc').limit(maxOfARange).execute(),
  ])
  const isRecorded = recordedAround(deployments)
  const items = [
    ...deployments.filter(({ at }) => at >= from && at < to).map(recordedOf),
    ...versions.filter((version) => !isRecorded(version)).map(seenOf),
  ]
  return items.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
}

function recordedOf(row: DeploymentsTable): Annotation {
  const { id, service, version, environment, at, commit_id, url } = row
  const time = new Date(at).toISOString()
  return { id, kind: 'deployment', service, version, environment, time, commit: commit_id, url, source: 'recorded' }
}

function seenOf(row: VersionsTable): Annotation {
  const { service, version, environment, first_seen } = row
  const time = new Date(first_seen).toISOString()
  return { id: null, kind: 'deployment', service, version, environment, time, commit: null, url: null, source: 'seen' }
}
