import type { Lease } from '../src/background/scheduler/lease.ts'
import { LeaseLost } from '../src/background/scheduler/lease.ts'
import type { Database } from '../src/storage/database/database.ts'

/** A lease that nobody else wants. */
export function freeLease(database?: Database): Lease {
  return {
    held: async () => true,
    fenced(work) {
      if (!database) throw new Error('this test has no relational store')
      return database.transaction().execute(work)
    },
  }
}

/** A lease that another process has taken over. */
export const lostLease: Lease = {
  held: async () => false,
  fenced: async () => {
    throw new LeaseLost()
  },
}
