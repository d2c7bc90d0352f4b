import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Mapped, SentStack } from '../../querying/context/stack-maps.ts'

/**
 * Many, since a group is named by its mapped stack: one that is mapped now and then would have two names.
 */
const maxLoads = 200

/** Services that have source maps, and the versions that they have them of. @param only this one of them */
export async function mappedReleases(
  context: QueryContext,
  only?: string,
): Promise<{ readonly services: string[]; readonly versions: string[] }> {
  const releases = [...((await context.sourceMaps?.releases(context.space)) ?? [])].filter(
    ([service]) => only === undefined || service === only,
  )
  return {
    services: releases.map(([service]) => service),
    versions: [...new Set(releases.flatMap(([, versions]) => [...versions]))],
  }
}

/** The stacks by which groups are named; null where no source map fits. */
export async function mapGroups(context: QueryContext, stacks: readonly SentStack[]): Promise<(Mapped | null)[]> {
  return (await context.sourceMaps?.map(context.space, stacks, maxLoads)) ?? []
}

const versionsQuery = `
SELECT toString(hash) AS hash, attr_s['service.version'] AS version
FROM resources
WHERE received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

/** `service.version` of resources, by their hash. */
export async function readVersions(
  context: QueryContext,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const unique = [...new Set(hashes)]
  if (unique.length === 0) return new Map()
  const rows = await context.reader.query<{ hash: string; version: string }>({
    sql: versionsQuery,
    params: { days: context.retention.traces, hashes: unique.map(BigInt) },
    signal: context.signal,
  })
  return new Map(rows.map(({ hash, version }) => [hash, version]))
}
