import type { Level } from '../api/responses.ts'

/** Levels as a reader meets them, worst first. */
export const levels: readonly Level[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unset']

/** A comma list of the URL. What is no level goes to the server as well, which refuses it by the parameter's name. */
export function levelsOf(text: string | undefined): Level[] | undefined {
  return text?.split(',') as Level[] | undefined
}

/** Token of a level's bars, and the class of its word. */
export const levelStyle: Record<Level, { bar: string; tone: string }> = {
  fatal: { bar: 'critical-pill', tone: 'is-critical' },
  error: { bar: 'bar-error', tone: 'is-error' },
  warn: { bar: 'bar-warning', tone: 'is-warning' },
  info: { bar: 'bar-neutral', tone: 'is-info' },
  debug: { bar: 'bar-other', tone: 'is-unknown' },
  trace: { bar: 'b3', tone: 'is-unknown' },
  unset: { bar: 'b2', tone: 'is-unknown' },
}
