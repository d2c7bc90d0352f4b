import type { Dialect } from './dialects.ts'

const closing: Readonly<Record<string, string>> = { '[': ']', '‘': '’', '“': '”' }
const oracleClosing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' }

/**
 * Finds the end of what is quoted from `start` on. A doubled quote does not end it.
 * @returns `end`: the index after the closing quote, beyond the text when there is none; `doubtful`: a backslash stands before a
 * quote, so that a server with another setting ends it elsewhere
 */
export function endOfQuotes(
  sql: string,
  start: number,
  { backslashes = false, oracle = false }: { backslashes?: boolean; oracle?: boolean },
): { end: number; doubtful: boolean } {
  if (oracle) {
    const opening = sql[start + 1] ?? ''
    const found = sql.indexOf(`${oracleClosing[opening] ?? opening}'`, start + 2)
    return { end: found < 0 ? sql.length + 1 : found + 2, doubtful: false }
  }
  const open = sql[start]!
  const close = closing[open] ?? open
  let doubtful = false
  for (let at = start + 1; at < sql.length; at++) {
    const char = sql[at]
    if (char === '\\') {
      doubtful ||= sql[at + 1] === close
      if (backslashes) at++
    } else if (char === close) {
      if (sql[at + 1] !== close) return { end: at + 1, doubtful }
      at++
    }
  }
  return { end: sql.length + 1, doubtful }
}

/** The end of a string in three quotes; a backslash keeps what follows it from ending it. */
export function endOfTripleQuotes(sql: string, start: number): { end: number; doubtful: boolean } {
  const quotes = sql.slice(start, start + 3)
  for (let at = start + 3; at < sql.length; at++) {
    if (sql[at] === '\\') at++
    else if (sql.startsWith(quotes, at)) return { end: at + 3, doubtful: false }
  }
  return { end: sql.length + 1, doubtful: false }
}

const dollarTag = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy

/** The end of a string in dollar quotes; undefined where none begins. */
export function endOfDollarQuotes(sql: string, start: number): number | undefined {
  dollarTag.lastIndex = start
  const tag = dollarTag.exec(sql)?.[0]
  if (tag === undefined) return undefined
  const found = sql.indexOf(tag, start + tag.length)
  return found < 0 ? sql.length + 1 : found + tag.length
}

/** The end of a comment; undefined where none begins. What MySQL executes of a comment (`/*! … *\/`) is none: only its ends are. */
export function endOfComment(sql: string, start: number, dialect: Dialect): number | undefined {
  const char = sql[start]
  const next = sql[start + 1]
  const dashes = char === '-' && next === '-' && (!dialect.spacedDashes || /^\s?$/.test(sql[start + 2] ?? ''))
  if (dashes || (char === '#' && dialect.hash === 'comment') || (char === '/' && next === '/' && dialect.slashes)) {
    const end = sql.indexOf('\n', start)
    return end < 0 ? sql.length : end
  }
  if (char === '*' && next === '/') return start + 2
  if (char !== '/' || next !== '*') return undefined
  if (sql[start + 2] === '!' && dialect.spacedDashes) return start + 3
  return endOfBlock(sql, start, dialect.nestedComments)
}

function endOfBlock(sql: string, start: number, nested: boolean): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start + 2
  for (let depth = 1; ; ) {
    const found = mark.exec(sql)
    if (found === null) return sql.length
    if (found[0] === '*/') depth--
    else if (nested) depth++
    if (depth === 0) return mark.lastIndex
  }
}
