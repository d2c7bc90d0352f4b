import { getPriority, setPriority } from 'node:os'

/** Of threads of reads; those of writes and merges have 0. */
const readsNice = -10

/**
 * Settings of a read. Who asks waits for the answer, so its threads come before those of writes and merges. Not the other way
 * round: writes that are nicer than the processes that send them fall behind.
 */
export const readSettings: readonly (readonly [string, string])[] = mayHave(readsNice)
  ? [['os_threads_nice_value_query', String(readsNice)]]
  : []

/**
 * Not where somebody has chosen a priority for the process. Tried, since the engine believes in CAP_SYS_NICE, which means nothing
 * inside a user namespace: each read would fail there.
 */
function mayHave(nice: number): boolean {
  // The engine knows priorities of threads on Linux only.
  if (process.platform !== 'linux' || getPriority() !== 0) return false
  try {
    setPriority(nice)
  } catch {
    return false
  }
  setPriority(0)
  return true
}
