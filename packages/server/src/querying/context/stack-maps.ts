import type { MappedStack } from '@burstlet/contract/mapped-stack'

/** A stack and who sent it. */
export interface SentStack {
  readonly service: string
  readonly version: string
  readonly stack: string
}

export interface Mapped {
  readonly stack: MappedStack
  /** The stack without what a build makes up: where a function's name in the source is unknown, only its place. */
  readonly grouping: string
}

/** Versions that have source maps, by service. */
export type Releases = ReadonlyMap<string, ReadonlySet<string>>

/** What stacks are mapped by as they are read. */
export interface StackMaps {
  releases(space: string): Promise<Releases>
  /**
   * One response for each stack, in their order; null where nothing fits.
   * @param maxLoads maps that are read for it; stacks of further ones stay as they were sent
   */
  map(space: string, stacks: readonly SentStack[], maxLoads?: number): Promise<(Mapped | null)[]>
}
