/**
 * ClickHouse's tokens, as far as telling statements apart needs them. Works on text decoded as latin1, so that offsets
 * are bytes and data behind an INSERT may be anything.
 */
export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'symbol'
  /** Words in upper case; quoted names and strings without their quotes, escapes as written; symbols as written. */
  text: string
  start: number
  end: number
}

const space = /[\s\0]+/y
const comment = /--[^\n]*|#(?:!| )[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y
// Words, numbers, and bytes of UTF-8.
const wordPattern = /[\w\x80-\xff]+/y
const quoted: Readonly<Record<string, RegExp>> = {
  "'": /'(?:[^'\\]|\\[\s\S]|'')*'/y,
  '"': /"(?:[^"\\]|\\[\s\S]|"")*"/y,
  '`': /`(?:[^`\\]|\\[\s\S]|``)*`/y,
}
const heredocPattern = /\$(\w*)\$[\s\S]*?\$\1\$/y

/** Tokens one by one, since what follows an INSERT's head is data and must not be read. Unclosed quotes end it. */
export function* tokens(text: string): Generator<Token> {
  let at = 0
  while (at < text.length) {
    const blank = match(space, text, at) ?? match(comment, text, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const token = tokenAt(text, at)
    yield token
    at = token.end
  }
}

function tokenAt(text: string, start: number): Token {
  const word = match(wordPattern, text, start)
  if (word !== undefined) return { kind: 'word', text: word.toUpperCase(), start, end: start + word.length }
  const quote = text[start]!
  const pattern = quoted[quote]
  if (pattern !== undefined) {
    const whole = match(pattern, text, start) ?? text.slice(start)
    const kind = quote === "'" ? 'string' : 'quoted'
    return { kind, text: whole.slice(1, -1), start, end: start + whole.length }
  }
  const heredoc = match(heredocPattern, text, start)
  if (heredoc !== undefined) return { kind: 'string', text: heredoc, start, end: start + heredoc.length }
  return { kind: 'symbol', text: quote, start, end: start + 1 }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
