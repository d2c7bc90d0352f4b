/** A piece of the data, in rows that are numbered through from 0. */
export interface Piece {
  readonly first: number
  readonly count: number
  /** How many there are in all pieces together. */
  readonly of: number
}

/** The week that the data covers, seconds since 1970. */
export interface Week {
  readonly from: number
  readonly to: number
}

/** A number of 64 bits that depends on its arguments alone, so that spans, logs and their copies agree without a join. */
export const hashOf = (...parts: string[]) => `sipHash64(${parts.join(', ')})`

/** From 0 to 1. */
export const share = (...parts: string[]) => `(${hashOf(...parts)} % 1000003) / 1000003`

/** A place in a list of `size`, the first ones more often. */
export const skewed = (size: number, ...parts: string[]) => `toUInt32(floor(${size} * pow(${share(...parts)}, 3)))`

/** Nanoseconds since 1970 of row `number` of `of`, spread evenly over the week. */
export const momentOf = (number: string, of: number, { from, to }: Week) =>
  `toInt64(${from}) * 1000000000 + toInt64((toFloat64(${number}) + ${share(number, "'jitter'")}) * ${((to - from) * 1e9) / of})`

export const traceIdOf = (trace: string) => `sipHash128(${trace}, 'trace')`
export const spanIdOf = (trace: string, position: string) =>
  `reinterpretAsFixedString(${hashOf(trace, position, "'span'")})`

/** Of a JavaScript value, as a literal; only for what this benchmark makes itself. */
export function literal(value: string | number | readonly (string | number)[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  return `[${value.map((each) => literal(each)).join(', ')}]`
}
