/** What databases quote of a value, or of a statement, when they refuse it; each keeps its first and last group. */
const quotes: readonly RegExp[] = [
  // PostgreSQL: Key (email)=(ann@example.com) already exists.
  /(\bKey \([^)]*\)=\()[^\n]*?(\)(?= (?:already exists|is (?:still|not)|conflicts)|$|\n))/g,
  /(\b(?:Failing row contains|Partition key of the failing row contains) \(?)[^\n]*?(\)\.?$)/gm,
  /(\binvalid input (?:syntax|value) for [^:\n]{1,80}: ")[^\n]*?("(?=[^"\n]*$)|$)/gm,
  /(\bsyntax error at or near ")[^\n]*?("(?=[^"\n]*$)|$)/gm,
  // MySQL and MariaDB.
  /(\bDuplicate entry ')[^\n]*?('(?= for key)|$)/gm,
  /(\b(?:Incorrect|Truncated incorrect) [\w ]{1,40} value: ')[^\n]*?('(?= for (?:column|function))|'?$)/gm,
  /(\bto use near ')[\s\S]*?('(?= at line \d+)|$)/g,
  // SQL Server.
  /(\bduplicate key value is \()[^\n]*?(\)\.?(?=\s*$|\n)|$)/gm,
  /(\bwhen converting the \w+ value ')[^\n]*?('(?= to data type)|$)/gm,
  // MongoDB.
  /(\bdup key: \{)[^\n]*?(\}(?=[^}\n]*$)|$)/gm,
]
const signs =
  /Key \(|row contains|invalid input|at or near|Duplicate entry|ncorrect |use near|duplicate key value is|when converting|dup key/

/** The message of an error without the values that a database quoted in it. */
export function withoutQuotedValues(message: string): string {
  if (!signs.test(message)) return message
  return quotes.reduce((text, pattern) => text.replace(pattern, '$1?$2'), message)
}
