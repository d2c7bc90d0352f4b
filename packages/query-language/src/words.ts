import {
  And,
  Boolean as BooleanWord,
  Contains,
  Duration,
  Exists,
  In,
  Like,
  Not,
  Number as NumberWord,
  Or,
  Regexp,
} from './generated/filter.terms.ts'

const keywords = new Map<string, number>([
  ['and', And],
  ['or', Or],
  ['&&', And],
  ['||', Or],
  ['not', Not],
  ['in', In],
  ['exists', Exists],
  ['contains', Contains],
  ['like', Like],
  ['regexp', Regexp],
  ['true', BooleanWord],
  ['false', BooleanWord],
])

export const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/
export const durationPattern = /^(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h|d)$/

/** What a word is besides a plain word; -1 when it is nothing else. Called by the parser. */
export function classify(word: string, _stack?: unknown): number {
  const keyword = keywords.get(word.toLowerCase())
  if (keyword !== undefined) return keyword
  if (numberPattern.test(word)) return NumberWord
  return durationPattern.test(word) ? Duration : -1
}
