import type { TraceTree } from './trace-tree.ts'

/**
 * Returns each span's self time in nanoseconds: its duration without the time in which one or more of its children ran,
 * as far as they ran within it. What a child did before its parent began or after it had ended takes nothing away.
 */
export function selfTimes({ starts, ends, children }: TraceTree): Float64Array {
  return Float64Array.from(starts, (start, span) => {
    const end = ends[span]!
    let own = 0
    let reached = start
    for (const child of children[span]!) {
      if (starts[child]! >= end) break
      if (starts[child]! > reached) own += starts[child]! - reached
      reached = Math.max(reached, Math.min(ends[child]!, end))
    }
    return own + end - reached
  })
}
