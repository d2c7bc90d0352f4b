import type { SpanTree } from './span-tree.ts'

/** A range that surely holds a trace and its logs: a minute before to a minute after it. */
export function around(tree: SpanTree): { from: string; to: string } {
  return {
    from: new Date(tree.start - 60_000).toISOString(),
    to: new Date(tree.start + tree.duration + 60_000).toISOString(),
  }
}
