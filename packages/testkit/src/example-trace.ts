interface ExampleSpan {
  /** Eight characters. */
  readonly id: string
  readonly parent: string | null
  readonly service: string
  /** Nanoseconds from the start of the trace. */
  readonly from: number
  readonly to: number
  readonly self: number
}

/**
 * A request that hands work to a queue: `video` outlives the gateway that called it, the consumer begins when all of
 * that has ended, `skewed` begins before its parent, `beside--` runs beside a query that ends later.
 */
export const exampleTrace: readonly ExampleSpan[] = [
  { id: 'gateway-', parent: null, service: 'gateway', from: 0, to: 6_000_001, self: 500_000 },
  { id: 'video---', parent: 'gateway-', service: 'video', from: 500_000, to: 7_000_003, self: 3_500_003 },
  { id: 'publish-', parent: 'video---', service: 'video', from: 1_000_000, to: 4_000_000, self: 3_000_000 },
  { id: 'consume-', parent: 'publish-', service: 'worker', from: 12_000_007, to: 116_000_009, self: 13_000_008 },
  { id: 'skewed--', parent: 'consume-', service: 'clock', from: 11_900_000, to: 13_000_000, self: 1_100_000 },
  { id: 'query---', parent: 'consume-', service: 'database', from: 20_000_000, to: 110_000_001, self: 90_000_001 },
  { id: 'beside--', parent: 'consume-', service: 'cache', from: 30_000_000, to: 50_000_000, self: 20_000_000 },
]

/** Its critical path in nanoseconds; null while it waits for the consumer to begin. */
export const examplePath: readonly (readonly [id: string | null, from: number, to: number])[] = [
  ['gateway-', 0, 500_000],
  ['video---', 500_000, 1_000_000],
  ['publish-', 1_000_000, 4_000_000],
  ['video---', 4_000_000, 7_000_003],
  [null, 7_000_003, 11_900_000],
  ['skewed--', 11_900_000, 13_000_000],
  ['consume-', 13_000_000, 20_000_000],
  ['query---', 20_000_000, 110_000_001],
  ['consume-', 110_000_001, 116_000_009],
]
