import { ClickHouseError } from '@clickhouse/client'

/**
 * What ClickHouse says of rows that it will never take: wrong or torn data (26, 27, 32, 33, 117, 131, 190, 246, 271, 272,
 * 349, 354, 366, 432, 693), columns or types that the table does not have (6, 10, 16, 20, 43, 44, 47, 50, 53, 70, 72), a
 * block that no partition takes (252 is not that, it passes), constraint or expression failures (153, 407, 469).
 */
const refusals = new Set(
  '6 10 16 20 26 27 32 33 43 44 47 50 53 70 72 117 131 153 190 246 271 272 349 354 366 407 432 469 693'.split(' '),
)

/** Troubles that nobody listed are given this many tries, since they may pass. */
const triesOfUnknown = 6

/**
 * Troubles that pass: 159 timeout, 164 read-only, 202 too many queries, 209 and 210 network, 236 aborted, 241 memory,
 * 242 read-only table, 243 disk full, 252 too many parts, 285 and 319 replicas, 394 cancelled, 425 system call,
 * 516 password, 999 Keeper.
 */
const passing = new Set('159 164 202 209 210 236 241 242 243 252 285 319 394 425 516 999'.split(' '))

/** Whether to send the same rows again after this error; if not, they are set aside. */
export function mayPass(error: unknown, tries: number): boolean {
  if (!(error instanceof ClickHouseError)) return true
  if (refusals.has(error.code)) return false
  return passing.has(error.code) || tries < triesOfUnknown
}
