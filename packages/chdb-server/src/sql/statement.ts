import { EngineError } from '../engine/error.ts'
import { type Token, tokens } from './lexer.ts'

/** What the HTTP interface has to know of a statement before the engine sees it. Offsets are bytes. */
export type Statement =
  /** SELECT: can be streamed. `format` is that of its FORMAT clause. */
  | { kind: 'select'; format: string | undefined; wholeDocument: boolean }
  /** SHOW, DESCRIBE, EXPLAIN, EXISTS, CHECK. */
  | { kind: 'read'; format: string | undefined }
  /** KILL: must run when every lane is taken. */
  | { kind: 'kill' }
  /** INSERT whose data follows: `head` ends before FORMAT or VALUES, data begins at `dataStart`. */
  | { kind: 'insert'; format: string | undefined; headEnd: number; dataStart: number }
  /** Everything else, INSERT … SELECT included. */
  | { kind: 'command'; format: string | undefined }

const read = new Set(['SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS', 'CHECK'])
const firstWords = new Set(['SELECT', 'WITH', 'FROM'])

/** Tells what `text` (latin1) is. Throws on no statement, on several, and on INTO OUTFILE or FROM INFILE. */
export function parseStatement(text: string): Statement {
  const all = tokens(text)
  const first = firstWord(all)
  if (first === undefined) throw new EngineError(62, 'SYNTAX_ERROR', 'Empty query')
  if (first.text === 'INSERT') return parseInsert(text, all)

  const rest = [...all]
  refuseSeveral(rest)
  refuseFiles(rest)
  const format = formatClause(text, rest)
  if (firstWords.has(first.text)) {
    // Totals and extremes come after all blocks, so they need the whole document.
    return { kind: 'select', format, wholeDocument: rest.some((token) => isWord(token, 'TOTALS')) }
  }
  if (read.has(first.text)) return { kind: 'read', format }
  if (first.text === 'KILL') {
    if (rest.some((token) => isWord(token, 'SYNC')))
      throw new EngineError(48, 'NOT_IMPLEMENTED', 'KILL … SYNC is not supported')
    return { kind: 'kill' }
  }
  return { kind: 'command', format }
}

export function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text
}

function firstWord(all: Iterator<Token>): Token | undefined {
  while (true) {
    const next = all.next()
    if (next.done === true) return undefined
    if (next.value.text !== '(' && next.value.text !== ';') return next.value
  }
}

function refuseSeveral(rest: readonly Token[]): void {
  const end = rest.findIndex((token) => token.kind === 'symbol' && token.text === ';')
  if (end !== -1 && rest.slice(end).some((token) => token.text !== ';')) {
    throw new EngineError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed')
  }
}

function refuseFiles(rest: readonly Token[]): void {
  for (const [index, token] of rest.entries()) {
    if (isWord(token, 'INTO') && isWord(rest[index + 1], 'OUTFILE')) {
      throw new EngineError(358, 'INTO_OUTFILE_NOT_ALLOWED', 'INTO OUTFILE is not allowed')
    }
  }
}

/** `… FORMAT name` at the end, or before SETTINGS; `format` anywhere else is somebody's column. */
function formatClause(text: string, rest: readonly Token[]): string | undefined {
  for (let index = rest.length - 2; index >= 0; index--) {
    if (!isWord(rest[index], 'FORMAT')) continue
    const name = rest[index + 1]!
    const after = rest[index + 2]
    const ends = after === undefined || after.text === ';' || isWord(after, 'SETTINGS')
    if (ends && name.kind === 'word') return text.slice(name.start, name.end)
  }
  return undefined
}

function parseInsert(text: string, all: Iterator<Token>): Statement {
  const head = readTarget(all)
  let depth = 0
  for (let token = head; token !== undefined; token = nextOf(all)) {
    if (token.kind === 'symbol') {
      if (token.text === '(') depth++
      else if (token.text === ')') depth--
      else if (token.text === ';' && depth === 0) return insertOf(undefined, token.start, text.length)
      continue
    }
    if (token.kind !== 'word') continue
    if (token.text === 'INFILE') {
      const hint = 'send the data as the body, or name a file with the parameter local_file'
      throw new EngineError(78, 'UNKNOWN_TYPE_OF_QUERY', `FROM INFILE is not allowed: ${hint}`)
    }
    // In a parenthesis at the start, SELECT and WITH are a query; elsewhere a column name may be either.
    if (token.text === 'SELECT' || (token.text === 'WITH' && depth === 0)) return insertSelect(text, all)
    if (depth > 0) continue
    if (token.text === 'VALUES') return insertOf('Values', token.start, token.end)
    if (token.text === 'FORMAT') {
      const name = nextOf(all)
      if (name === undefined) throw new EngineError(62, 'SYNTAX_ERROR', 'Syntax error: FORMAT needs a name')
      return insertOf(text.slice(name.start, name.end), token.start, skipOneLine(text, name.end))
    }
  }
  return insertOf(undefined, text.length, text.length)
}

function insertOf(format: string | undefined, headEnd: number, dataStart: number): Statement {
  return { kind: 'insert', format, headEnd, dataStart }
}

/** Skips INTO, TABLE and the table's name, which may be any word; gives the token after it. */
function readTarget(all: Iterator<Token>): Token | undefined {
  let token = nextOf(all)
  if (isWord(token, 'INTO')) token = nextOf(all)
  if (isWord(token, 'TABLE')) token = nextOf(all)
  if (isWord(token, 'FUNCTION')) return nextOf(all)
  token = nextOf(all)
  while (token?.text === '.' && token.kind === 'symbol') {
    nextOf(all)
    token = nextOf(all)
  }
  return token
}

function insertSelect(text: string, all: Iterator<Token>): Statement {
  const rest: Token[] = []
  for (let token = nextOf(all); token !== undefined; token = nextOf(all)) rest.push(token)
  const input = rest.findIndex((token, index) => isWord(token, 'INPUT') && rest[index + 1]?.text === '(')
  if (input !== -1) throw new EngineError(48, 'NOT_IMPLEMENTED', 'INSERT … SELECT FROM input() is not supported')
  refuseSeveral(rest)
  refuseFiles(rest)
  return { kind: 'command', format: formatClause(text, rest) }
}

/** Data starts after the first line break behind the format, or after the spaces. */
function skipOneLine(text: string, from: number): number {
  const found = /[ \t\f]*(?:\r?\n)?/y
  found.lastIndex = from
  return from + (found.exec(text)?.[0].length ?? 0)
}

function nextOf(all: Iterator<Token>): Token | undefined {
  const next = all.next()
  return next.done === true ? undefined : next.value
}
