import { type Dialect, dialectOf } from './dialects.ts'
import { endOfComment, endOfDollarQuotes, endOfQuotes, endOfTripleQuotes } from './quotes.ts'

/** Of what is sent. */
const maxText = 4096
/** Of what is looked at; a literal that this cuts in two is masked to its end. */
const maxRead = 65_536

const word = /[\p{L}_][\p{L}\p{N}_$]*/uy
const wordWithHash = /[\p{L}_#][\p{L}\p{N}_$#]*/uy
const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\p{L}\p{N}_])/iuy
const number = /(?:0x[\da-f_]+|0b[01_]+|0o[0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?)[\p{L}\p{N}_]*/iuy
const money = /\$\d+(?:,\d{3})*(?:\.\d+)?/y
/** A parameter or variable: `$1`, `?1`, `:name`, `@name`, `@@name`. */
const parameter = /(?:\$\d+|\?\d*|:[\p{L}_][\p{L}\p{N}_$]*|@@?[\p{L}_][\p{L}\p{N}_$.]*|[$][\p{L}_][\p{L}\p{N}_]*)/uy
const whiteSpace = /\s+/y
/** A minus or plus after one of these belongs to the number that follows. */
const beforeSign =
  /(?:^|[(,=<>+\-*/%|&[{:]|\b(?:select|where|and|or|not|then|else|when|between|limit|offset|values|in|by|return|set|like|is|case|on|having))\s?$/i
/** What no statement has right behind a literal. */
const adjacent = /[\p{L}\p{N}_\\]/u
/** Letters that say what kind of string follows; `q` is Oracle's. */
const stringPrefix = /^(?:e|n|b|x|r|br|rb|q|nq|u)$/i

/**
 * A statement in which each literal is a question mark, on one line and without comments, of at most 4,096 characters. Names,
 * keywords and parameters stay as they are. A literal without an end is masked to the end of the text, and where the dialect
 * may have read a backslash otherwise than its server does, so is all from there on.
 * @param system `db.system.name` of its span; unknown ones are read as the dialect that masks most
 */
export function withoutLiterals(sql: string, system?: string): string {
  return new Scan(sql.slice(0, maxRead), dialectOf(system)).masked()
}

class Scan {
  readonly sql: string
  readonly #dialect: Dialect
  readonly #word: RegExp
  at = 0
  text = ''
  /** Length of `text` before the first literal whose end depends on how backslashes are read. */
  #doubt = -1

  constructor(sql: string, dialect: Dialect) {
    this.sql = sql
    this.#dialect = dialect
    this.#word = dialect.hash === 'name' ? wordWithHash : word
  }

  masked(): string {
    while (this.at < this.sql.length && this.text.length < maxText) this.#step()
    // What was not looked at may be what tells that a literal ended elsewhere.
    if (this.at < this.sql.length && this.#doubt >= 0) this.text = `${this.text.slice(0, this.#doubt)}?`
    return this.text.trim().slice(0, maxText)
  }

  #step(): void {
    const { sql, at } = this
    const comment = endOfComment(sql, at, this.#dialect)
    if (comment !== undefined || this.#match(whiteSpace)) {
      this.at = comment ?? this.at
      this.#space()
    } else if (this.#match(uuid) || (this.#dialect.money && this.#match(money))) this.#literal()
    else if (!this.#name() && !this.#quoted(at, this.#dialect.backslashes)) {
      if (this.#match(number)) this.#literal()
      else this.text += this.#match(parameter) ?? sql[this.at++]
    }
  }

  #name(): boolean {
    const found = this.#match(this.#word)
    if (found !== undefined) this.#afterWord(found)
    return found !== undefined
  }

  /** A word, or the string that it is the prefix of. */
  #afterWord(found: string): void {
    const { sql, at } = this
    const next = sql[at]
    if (stringPrefix.test(found) && (next === "'" || (next === '"' && this.#dialect.doubleQuotes === 'string'))) {
      const kind = found.toLowerCase()
      // Of raw strings a backslash still keeps the quote that follows it from ending them.
      if (kind === 'q' || kind === 'nq') this.#end(endOfQuotes(sql, at, { oracle: true }))
      else this.#quoted(at, this.#dialect.backslashes || kind === 'e')
      return
    }
    if (/^u$/i.test(found) && next === '&' && (sql[at + 1] === "'" || sql[at + 1] === '"')) {
      this.at++
      if (this.#quoted(this.at, false)) return
    }
    this.text += found
  }

  /** A quoted literal or name that begins here. */
  #quoted(start: number, backslashes: boolean): boolean {
    const { sql } = this
    const quote = sql[start]!
    const { doubleQuotes, dollarQuotes, brackets } = this.#dialect
    if (quote === '$') {
      const end = dollarQuotes ? endOfDollarQuotes(sql, start) : undefined
      if (end === undefined) return false
      this.#end({ end, doubtful: false })
      return true
    }
    const isName = quote === '`' || (quote === '"' && doubleQuotes === 'name') || (quote === '[' && brackets)
    if (isName) {
      const { end } = endOfQuotes(sql, start, { backslashes: false })
      // A name without an end may be anything.
      if (end > sql.length) return this.#end({ end, doubtful: false })
      this.text += sql.slice(start, end).replaceAll(/\s+/g, ' ')
      this.at = end
      return true
    }
    if (quote !== "'" && quote !== '"' && quote !== '‘' && quote !== '“') return false
    const triple = this.#dialect.tripleQuotes && sql.startsWith(quote.repeat(3), start)
    return this.#end(triple ? endOfTripleQuotes(sql, start) : endOfQuotes(sql, start, { backslashes }))
  }

  /** Writes a literal that ends there; one without an end takes what was in doubt before it along. */
  #end({ end, doubtful }: { end: number; doubtful: boolean }): true {
    const { sql } = this
    // As in 'O'Connor', where whoever wrote the text meant another end.
    if (doubtful || adjacent.test(sql[end] ?? '')) {
      if (this.#doubt < 0) this.#doubt = this.text.length
      this.at = this.#dialect.cautious ? sql.length : end
    } else this.at = end
    if (end > sql.length && this.#doubt >= 0) this.text = this.text.slice(0, this.#doubt)
    this.#literal()
    return true
  }

  #literal(): void {
    if (/[-+]$/.test(this.text) && beforeSign.test(this.text.slice(-12, -1))) this.text = this.text.slice(0, -1)
    this.text += '?'
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.sql)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  #space(): void {
    if (this.text !== '' && !this.text.endsWith(' ')) this.text += ' '
  }
}
