import type { Signal } from '@burstlet/testkit/captures'

/** What is measured: something that takes OTLP/HTTP, and the processes that it consists of. */
export interface Subject {
  readonly otlpHttp: string
  /** Name of a process as the tables have it, and its id. */
  readonly processes: Readonly<Record<string, number>>
  /** Returns when all that was acknowledged is stored, or thrown away where that is the point. */
  stored(signal: Signal, items: number): Promise<void>
  stop(): Promise<void>
}

/** One whose engine can be asked. */
export interface StoringSubject extends Subject {
  /** The answer as tab-separated values. */
  ask(sql: string): Promise<string>
}
