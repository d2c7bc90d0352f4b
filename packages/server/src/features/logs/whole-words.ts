import { searchWords } from '../../querying/filters/words.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import type { LogSearch } from './match.ts'

/**
 * Searches whole words first, which the indexes answer; when no record has them, parts of words. That second search
 * reads every body in the range: where it does not end in time, the answer stays empty.
 */
export async function wordsThenParts<Answer>(
  search: LogSearch,
  ask: (search: LogSearch) => Promise<Answer>,
  isEmpty: (answer: Answer) => boolean,
): Promise<Answer> {
  const answer = await ask(search)
  const hasWords = search.search !== undefined && searchWords(search.search).length > 0
  if (!hasWords || search.partsOfWords || !isEmpty(answer)) return answer
  try {
    return await ask({ ...search, partsOfWords: true })
  } catch (error) {
    if (error instanceof QueryLimitError) return answer
    throw error
  }
}
