import { EngineError } from '../engine/error.ts'
import { type Token, tokens } from './lexer.ts'
import { isWord } from './statement.ts'

/**
 * Asks the engine what a text says. No lexer but its own agrees with it in every corner (`a$b$` is a word to it, and ‘ ’ are quotes),
 * so its parser writes the text anew: one statement, without comments, every name and string quoted in the one way. Nothing is run or
 * looked up for this. The text goes in as the parameter `text`; the answer is one row, a {@link CanonicalRow}.
 */
export const canonicalSql = `SELECT formatQuerySingleLine({text:String}) AS canonical,
  formatQuerySingleLine(canonical) AS again,
  isNotNull(formatQuerySingleLineOrNull(concat('SELECT * FROM (', canonical, ')'))) AS nests`

export interface CanonicalRow {
  readonly canonical: string
  readonly again: string
  /** Whether it may stand in parentheses as a table: only a SELECT without FORMAT and INTO OUTFILE does, and EXPLAIN. */
  readonly nests: number
}

/**
 * The statement that may go on, in the engine's own words.
 * @throws EngineError code 497 on what is no plain SELECT, and on what the engine would read otherwise the second time
 */
export function canonicalQuery({ canonical, again, nests }: CanonicalRow): string {
  const all = [...tokens(Buffer.from(canonical).toString('latin1'))]
  const first = all.find((token) => token.text !== '(')
  if (!isWord(first, 'SELECT') && !isWord(first, 'WITH')) throw refused('only a SELECT may run')
  if (nests !== 1) throw refused(`${clauseAtEnd(all)} is not allowed`)
  if (again !== canonical) throw refused('it cannot be written in one way only')
  // Even EXPLAIN AST takes them over.
  const settings = all.some((token, index) => isWord(token, 'SETTINGS') && all[index + 2]?.text === '=')
  if (settings) throw refused('SETTINGS is not allowed')
  for (const { kind, text } of all) {
    // In EXPLAIN AST, a name with a line break would be two nodes.
    if (kind === 'quoted' && text.includes('\\'))
      throw refused('a name may not hold a quote, a backslash or a line break')
  }
  return canonical
}

/** What keeps a SELECT from standing in parentheses. */
function clauseAtEnd(all: readonly Token[]): string {
  const output = all.some((token, index) => isWord(token, 'INTO') && isWord(all[index + 1], 'OUTFILE'))
  if (output) return 'INTO OUTFILE'
  return all.some((token) => isWord(token, 'FORMAT')) ? 'FORMAT' : 'more than one SELECT'
}

export function refused(reason: string): EngineError {
  return new EngineError(497, 'ACCESS_DENIED', `This query may not run: ${reason}`)
}
