import type { Point } from '../api/responses.ts'

/** One line or one layer of bars. `colour` is the name of a token without its dashes. */
export interface Series {
  label: string
  points: readonly Point[]
  colour: string
  fill?: boolean
  main?: boolean
}

/** uPlot's columns: times in epoch ms, then one column of values a series; what a series lacks at a time is null. */
export type Columns = [number[], ...(number | null)[][]]

/** Brings series onto one sorted list of times. A gap stays a gap. */
export function toColumns(series: readonly Series[]): Columns {
  const times = [...new Set(series.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b)
  const position = new Map(times.map((time, i) => [time, i]))
  const columns = series.map(({ points }) => {
    const column = new Array<number | null>(times.length).fill(null)
    for (const [time, value] of points) column[position.get(time)!] = value
    return column
  })
  return [times, ...columns]
}

/** Adds each column to those before it: the running sums that stacked bars reach to. */
export function stack([times, ...columns]: Columns): Columns {
  const sums = new Array<number>(times.length).fill(0)
  const stacked = columns.map((column) =>
    column.map((value, i) => {
      sums[i] = sums[i]! + (value ?? 0)
      return sums[i]!
    }),
  )
  return [times, ...stacked]
}

/** The largest value, or 0. */
export function largest(columns: Columns): number {
  let max = 0
  for (let column = 1; column < columns.length; column++) {
    for (const value of columns[column]!) if (value !== null && value > max) max = value
  }
  return max
}
