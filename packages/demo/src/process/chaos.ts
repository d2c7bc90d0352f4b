import { setTimeout as sleep } from 'node:timers/promises'

/** Shares of requests, 0 to 1, that fail or are slow, so that there is something to find. */
const failureRate = 0.04
const slowRate = 0.05

/** What a storage that is out of order throws. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly statusCode = 503
}

/** Now and then waits 0.6 to 2 seconds, as a disk that has to wake up; answers whether it did. */
export async function sometimesSlow(): Promise<boolean> {
  if (Math.random() >= slowRate) return false
  await sleep(600 + Math.random() * 1400)
  return true
}

/** Now and then throws. */
export function sometimesFail(what: string): void {
  if (Math.random() < failureRate) throw new StorageError(`${what}: the storage node did not answer`)
}
