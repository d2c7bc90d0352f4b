import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of short-lived buffers between two collections. */
const intervalBytes = 32 * 1024 * 1024

// V8 starts to mark all of the heap when what is free below its limit is less than the young generation may hold. With a
// heap of 30 MB the limit is so close that this was always so: marking went on without end, on all cores, for a fifth
// of what receiving cost. The limit is now three times what lived through the last collection.
setFlagsFromString('--heap-growing-percent=200')

// The documented way to a collection at run time; nothing else of the process sees the function.
setFlagsFromString('--expose-gc')
const collect: (options: { type: 'minor' | 'major'; execution?: 'async' }) => unknown = runInNewContext('gc')

let since = 0

/**
 * To be told of buffers that are garbage soon. Node makes one for every 64 kB that it reads of a body. They count as
 * external memory, which only a collection of the whole heap answers to (every half second, 10 ms and another thread's
 * time each); one of the young generation frees the same in less than a millisecond.
 */
export function sawBuffer(bytes: number): void {
  since += bytes
  if (since < intervalBytes) return
  since = 0
  collect({ type: 'minor' })
}

/** Bytes of long-lived buffers that nobody needs any more, until they are looked for. */
const droppedBytes = 128 * 1024 * 1024

/** Fewer are looked for after so long. */
const tidyMs = 5000
const fewBytes = 32 * 1024 * 1024

let dropped = 0
let tidying: NodeJS.Timeout | undefined

/**
 * To be told of shared buffers that are garbage from now on. They live too long for collections of the young generation, and
 * do not count for those of the whole heap: after a flood of large bodies all of them stayed.
 */
export function droppedBuffer(bytes: number): void {
  dropped += bytes
  if (dropped >= droppedBytes) collectDropped()
  else if (dropped >= fewBytes) tidying ??= setTimeout(collectDropped, tidyMs).unref()
}

function collectDropped(): void {
  clearTimeout(tidying)
  tidying = undefined
  dropped = 0
  void collect({ type: 'major', execution: 'async' })
}
