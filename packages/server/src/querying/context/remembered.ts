import type { Sources } from '../cache/late-arrivals.ts'
import { cacheKey } from '../cache/response-cache.ts'
import type { QueryContext } from './query-context.ts'

/** Small things that change once a minute at most, and of which the last moment's is good enough. */
const rememberedMs = 10_000

const nothing: Sources = { signals: [], from: 0, to: 0 }

/**
 * What `read` gives, or gave a few seconds ago: for what many questions have to know before they can be asked, such as
 * which hours of a rollup are there. That there is nothing is asked anew: somebody waits for it to arrive.
 * @param known its name, and everything that it depends on besides the tenant
 * @param sources what it is made from, if it has to be asked anew when something arrives for a time that was over
 */
export async function remembered<Known>(
  { cache }: QueryContext,
  known: readonly [name: string, ...unknown[]],
  read: () => Promise<Known>,
  sources: Sources = nothing,
): Promise<Known> {
  if (!cache) return read()
  await cache.upToDate()
  const key = cacheKey('remembered', known)
  const found = cache.get<{ readonly known: Known }>(key)
  if (found) return found.known
  const fresh = await read()
  if (!isNothing(fresh)) cache.set(key, { known: fresh }, sources, 1, rememberedMs)
  return fresh
}

function isNothing(known: unknown): boolean {
  return known === undefined || known === false || (Array.isArray(known) && known.length === 0)
}
