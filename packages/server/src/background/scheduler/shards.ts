import { hash } from 'node:crypto'

/** The migration makes as many rows. */
const shardCount = 64

/** Shard of a task, the same on every machine and in every version. */
export function shardOf(kind: string, id: string): number {
  return Number.parseInt(hash('sha256', `${kind}\0${id}`, 'hex').slice(0, 2), 16) % shardCount
}

/**
 * How many shards a process is to hold. The shares of all add up to all shards, and differ by one at most.
 * @param rank place among the processes, from 0
 */
export function shareOf(rank: number, processes: number): number {
  return Math.floor(shardCount / processes) + (rank < shardCount % processes ? 1 : 0)
}
