import { refused } from './canonical-query.ts'

export interface QueryRules {
  /** Whose tables may be read; names without a database are taken as its own. */
  database: string
  /** Tables of it that may not be read. */
  hiddenTables?: ReadonlySet<string>
  /** Functions beyond the usual ones, as ClickHouse spells them. */
  moreFunctions?: readonly string[]
}

/**
 * Vets SQL that a person wrote: one SELECT over tables of one database, made of functions that are known to stay inside the engine.
 * @param tree of the statement that `canonicalQuery` gave, never of another text: the answer to `EXPLAIN AST` in TabSeparated, one
 * node a line. No other EXPLAIN is safe before this: it runs what it explains in part
 * @throws EngineError code 497, which names what is not allowed
 */
export function vetQueryTree(tree: string, rules: QueryRules): void {
  const functions = new Set([...allowedFunctions, ...(rules.moreFunctions ?? [])].map((name) => name.toLowerCase()))
  const nodes = tree.split('\n').filter((line) => line !== '')
  for (const [index, line] of nodes.entries()) {
    const [, indent, kind, detail = ''] = /^( *)(\w+) ?(.*)$/.exec(line) ?? []
    if (kind === undefined || !allowedNodes.has(kind))
      throw refused(`${clauses.get(kind ?? '') ?? 'a part of it'} is not allowed`)
    const name = detail.replace(/ \((?:alias|children) .*$/, '')
    if (kind === 'Function' && !functions.has(name.toLowerCase()))
      throw refused(`the function ${shown(name)} is not allowed`)
    if (kind === 'TableIdentifier' && name.includes('.') && !name.startsWith(`${rules.database}.`)) {
      throw refused(`the table ${shown(name)} is not one of the database ${rules.database}`)
    }
    if (kind === 'TableIdentifier' && rules.hiddenTables?.has(name.slice(name.lastIndexOf('.') + 1)) === true) {
      throw refused(`the table ${shown(name)} may not be read`)
    }
    if (kind === 'Function' && /^(?:not)?in$/i.test(name)) refuseTableInSet(nodes, index, indent ?? '')
  }
}

/** `x IN name` reads a table, which the tree does not call one. */
function refuseTableInSet(nodes: readonly string[], index: number, indent: string): void {
  const isArgument = (line: string) => line.startsWith(`${indent}  `) && line[indent.length + 2] !== ' '
  const end = nodes.findIndex((line, at) => at > index && !line.startsWith(`${indent} `))
  const set = nodes.slice(index + 1, end === -1 ? undefined : end).filter(isArgument)[1]
  if (set?.trimStart().startsWith('Identifier ') === true) throw refused('IN takes a list or a subquery, not a table')
}

/** A message tells names and nothing else. */
function shown(name: string): string {
  return /^[\w.]{1,100}$/.test(name) ? name : 'of that name'
}

/** How a person calls what a node stands for. */
const clauses = new Map([
  ['Set', 'SETTINGS'],
  ['QueryParameter', 'a parameter in braces'],
  ['Explain', 'EXPLAIN'],
  ['ColumnsTransformerList', 'APPLY, EXCEPT or REPLACE'],
  ['ColumnsRegexpMatcher', 'COLUMNS'],
  ['ColumnsListMatcher', 'COLUMNS'],
])

/** What a plain SELECT parses into. APPLY and its like hide a function's name from the tree, so they are not among it. */
const allowedNodes = new Set(
  `SelectWithUnionQuery SelectIntersectExceptQuery SelectQuery ExpressionList Function Identifier Literal Asterisk
  QualifiedAsterisk TablesInSelectQuery TablesInSelectQueryElement TableExpression TableIdentifier TableJoin ArrayJoin
  Subquery WithElement OrderByElement InterpolateElement WindowDefinition WindowListElement SampleRatio`.split(/\s+/),
)

/** Operators and functions that compute from their arguments and from the rows of the query alone. */
export const allowedFunctions: readonly string[] = `
  plus minus multiply divide intDiv modulo negate abs sign round floor ceil trunc sqrt exp log log2 log10 pow greatest
  least equals notEquals less lessOrEquals greater greaterOrEquals and or not xor in notIn like notLike ilike notILike
  match if multiIf caseWithExpression isNull isNotNull ifNull nullIf coalesce assumeNotNull between
  count sum avg min max any anyLast uniq uniqExact uniqCombined quantile quantiles quantileExact quantileTDigest median
  stddevPop stddevSamp varPop varSamp corr argMin argMax groupArray groupUniqArray topK sumMap countIf sumIf avgIf minIf
  maxIf anyIf uniqIf quantileIf quantilesIf groupArrayIf groupUniqArrayIf argMinIf argMaxIf
  row_number rank dense_rank lag lead lagInFrame leadInFrame first_value last_value
  length empty notEmpty lower upper trim trimBoth trimLeft trimRight substring position positionCaseInsensitive concat
  startsWith endsWith replaceAll replaceOne replaceRegexpAll replaceRegexpOne extract extractAll splitByChar
  splitByString hex unhex hasToken hasAnyTokens hasAllTokens toString toInt8 toInt16 toInt32 toInt64 toUInt8 toUInt16
  toUInt32 toUInt64 toFloat32 toFloat64 toDecimal64 toDateTime toDateTime64 toDate toInt64OrZero toFloat64OrZero CAST
  toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth now now64 today
  yesterday toStartOfSecond toStartOfMinute toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes
  toStartOfHour toStartOfDay toStartOfWeek toStartOfMonth toStartOfInterval toHour toMinute toDayOfWeek toDayOfMonth
  toUnixTimestamp toUnixTimestamp64Milli fromUnixTimestamp fromUnixTimestamp64Milli dateDiff formatDateTime toTimeZone
  array arrayElement arrayMap arrayFilter arrayExists arrayAll arrayCount arraySum arrayAvg arrayMin arrayMax arraySort
  arrayReverse arrayReverseSort arrayDistinct arrayConcat arraySlice arrayZip arrayJoin arrayStringConcat has hasAny
  hasAll indexOf lambda tuple tupleElement map mapKeys mapValues mapContains mapFromArrays mapFilter mapApply
  JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw JSONHas
  toTypeName bitAnd bitOr bitXor bitShiftLeft bitShiftRight cityHash64 sipHash64 xxHash64 isNaN isFinite isInfinite
  formatReadableSize formatReadableQuantity formatReadableTimeDelta`
  .trim()
  .split(/\s+/)
