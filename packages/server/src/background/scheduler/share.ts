import { shareOf } from './shards.ts'

/** Shards that a process holds, with their tokens. */
export type HeldShards = Map<number, number>

/**
 * Takes out of what a process holds what the store says is held by another, or under another token.
 * @returns what was taken out
 */
export function changedShards(
  held: HeldShards,
  shards: readonly { shard: number; holder: string | null; token: number }[],
  id: string,
): number[] {
  const lost = shards
    .filter(({ shard, holder, token }) => held.has(shard) && (holder !== id || token !== held.get(shard)))
    .map(({ shard }) => shard)
  for (const shard of lost) held.delete(shard)
  return lost
}

/**
 * Which free shards a process is to take, or which of its own it is to give up.
 * @param place its rank among so many processes; each begins at another place of what is free, so that they seldom want the same
 */
export function shardsToTake(
  held: ReadonlyMap<number, number>,
  free: readonly number[],
  place: { readonly rank: number; readonly processes: number },
  isBusy: (shard: number) => boolean,
): { readonly take: readonly number[]; readonly leave: readonly number[] } {
  const missing = shareOf(place.rank, place.processes) - held.size
  if (missing >= 0) {
    const start = Math.floor((free.length * place.rank) / place.processes)
    return { take: [...free.slice(start), ...free.slice(0, start)].slice(0, missing), leave: [] }
  }
  const idleFirst = [...held.keys()].sort((a, b) => Number(isBusy(a)) - Number(isBusy(b)) || b - a)
  return { take: [], leave: idleFirst.slice(0, -missing) }
}
