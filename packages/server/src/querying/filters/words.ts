import type { Parameters } from '../statements/parameters.ts'

/**
 * The words of a text as the indexes of `logs.body` have them: ClickHouse's `tokens(lower(body))` splits at every ASCII
 * character that is neither letter nor digit, and takes what is beyond ASCII as part of a word.
 */
const word = /[a-z0-9\u0080-\u{10ffff}]+/gu

/** Every word of a text, each once. */
export function searchWords(text: string): string[] {
  return unique(lower(text).match(word) ?? [])
}

/** The words that the text itself delimits on both sides. */
export function innerWords(text: string): string[] {
  const lowered = lower(text)
  const inner = [...lowered.matchAll(word)].filter(
    (found) => found.index > 0 && found.index + found[0].length < lowered.length,
  )
  return unique(inner.map((found) => found[0]))
}

/** Words beyond ASCII are left to the search for the text itself, since the index knows no other case of them. */
function unique(words: readonly string[]): string[] {
  return [...new Set(words)].filter((each) => /^[a-z0-9]+$/.test(each))
}

/** As ClickHouse's `lower`: ASCII only. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/**
 * Conditions that the two indexes of `logs.body` answer: words with a digit stand in a bloom filter, others in a text
 * index. The expressions are those of the migration, to the letter; otherwise the indexes are not used.
 */
export function wordConditions(words: readonly string[], parameters: Parameters): string[] {
  return words.slice(0, 20).map((each) => {
    const wanted = parameters.value('String', each)
    return /\d/.test(each)
      ? `has(arrayFilter(t -> match(t, '[0-9]'), tokens(lower(body))), ${wanted})`
      : `has(arrayFilter(t -> NOT match(t, '[0-9]'), tokens(lower(body))), ${wanted})`
  })
}
