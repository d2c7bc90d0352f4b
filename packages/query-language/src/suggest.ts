import { closest, distance } from 'fastest-levenshtein'

/** What may have been meant by a word that is not one of `choices`; undefined when none is near. */
export function suggest(word: string, choices: readonly string[]): string | undefined {
  if (choices.length === 0) return undefined
  const lowered = word.toLowerCase()
  const starting = choices.filter((choice) => lowered.length > 2 && lowered.startsWith(choice.toLowerCase()))
  const found = closest(lowered, starting.length > 0 ? starting : choices)
  const far = Math.max(1, Math.floor(Math.min(lowered.length, found.length) / 2))
  return starting.length > 0 || distance(lowered, found.toLowerCase()) <= far ? found : undefined
}

/** `Did you mean error?`; undefined when nothing is near. */
export function didYouMean(word: string, choices: readonly string[]): string | undefined {
  const found = suggest(word, choices)
  return found === undefined ? undefined : `Did you mean ${found}?`
}
