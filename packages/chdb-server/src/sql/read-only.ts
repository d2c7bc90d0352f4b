import { EngineError } from '../engine/error.ts'
import { type Token, tokens } from './lexer.ts'
import { stringLiteral } from './literal.ts'
import type { Statement } from './statement.ts'

/**
 * What the read-only user may send. The engine's own `readonly = 1` refuses writes, table functions and changes of
 * settings; it does not refuse the function `file`, which reads any file of this host, nor KILL.
 *
 * It reads the text itself, which serves for a program's own SQL. What a person wrote is for `guest`, whose text the engine's own
 * parser writes anew first (`canonical-query.ts`).
 */
export function vetReadOnly(statement: Statement, text: string): void {
  if (statement.kind !== 'select' && statement.kind !== 'read') {
    throw new EngineError(164, 'READONLY', 'Cannot execute query in readonly mode: this user only reads')
  }
  let previous: Token | undefined
  for (const token of tokens(text)) {
    if (token.kind === 'quoted' && token.text.includes('\\')) {
      throw new EngineError(497, 'ACCESS_DENIED', 'A quoted name with a backslash is not allowed for this user')
    }
    if (token.kind === 'symbol' && token.text === '(' && previous !== undefined && isForbidden(previous)) {
      throw new EngineError(
        497,
        'ACCESS_DENIED',
        `The function ${previous.text.toLowerCase()} is not allowed for this user`,
      )
    }
    previous = token
  }
}

/** Functions that reach outside the engine; the table functions among them are refused by the engine too. */
const forbidden = new Set(
  `file fileCluster url urlCluster s3 s3Cluster gcs hdfs hdfsCluster azureBlobStorage azureBlobStorageCluster remote
  remoteSecure cluster clusterAllReplicas mysql postgresql mongodb redis sqlite odbc jdbc executable input python
  catboostEvaluate iceberg icebergS3 icebergLocal icebergAzure icebergHDFS deltaLake deltaLakeLocal hudi paimon
  arrowFlight ytsaurus`
    .toUpperCase()
    .split(/\s+/),
)

function isForbidden(token: Token): boolean {
  return (token.kind === 'word' || token.kind === 'quoted') && forbidden.has(token.text.toUpperCase())
}

/** Ceilings that a read-only request may lower and not lift. */
export interface ReadLimits {
  /** Seconds. */
  maxExecutionTime: number
  /** Bytes. */
  maxMemoryUsage: number
}

const harmless = /^(?:output_format|date_time|max|min|join|optimize|use|query_plan|group_by|read|merge_tree|timeout)_/
const alsoHarmless = new Set([
  ...['session_timezone', 'extremes', 'log_comment', 'priority', 'final', 'limit', 'offset', 'transform_null_in'],
  ...[
    'result_overflow_mode',
    'read_overflow_mode',
    'sort_overflow_mode',
    'distinct_overflow_mode',
    'prefer_column_name_to_alias',
  ],
  ...['format_csv_delimiter', 'preferred_block_size_bytes', 'aggregate_functions_null_for_empty', 'cast_keep_nullable'],
])

/** The settings of a read-only request within `limits`. Throws code 164 on a setting that is not for this user. */
export function limitSettings(settings: ReadonlyMap<string, string>, limits: ReadLimits): Map<string, string> {
  const limited = new Map<string, string>()
  for (const [name, value] of settings) {
    if (name === 'readonly') continue // it is 1 anyway
    if (name === 'additional_table_filters') {
      vetTableFilters(value)
      limited.set(name, value)
      continue
    }
    if (!harmless.test(name) && !alsoHarmless.has(name)) {
      throw new EngineError(164, 'READONLY', `Cannot modify '${name}' setting in readonly mode`)
    }
    limited.set(name, value)
  }
  lower(limited, 'max_execution_time', limits.maxExecutionTime)
  lower(limited, 'max_memory_usage', limits.maxMemoryUsage)
  return limited
}

/** Conditions that narrow what a table gives. They are expressions, so what a statement may not call, they may not. */
function vetTableFilters(value: string): void {
  const calls = [...value.matchAll(/(\w+)\s*\(/g)].map(([, name]) => name!.toUpperCase())
  if (/[\\`"]|--|\/\*|#/.test(value) || calls.some((name) => forbidden.has(name))) {
    throw new EngineError(497, 'ACCESS_DENIED', 'This additional_table_filters is not allowed for this user')
  }
}

/**
 * The same settings, under which `tables` are empty. A role cannot be kept from what the engine tells about itself: its settings,
 * paths, running statements.
 */
export function hideTables(settings: ReadonlyMap<string, string>, tables: readonly string[]): Map<string, string> {
  const given = /^\s*\{(.*)\}\s*$/s.exec(settings.get('additional_table_filters') ?? '{}')?.[1]?.trim()
  if (given === undefined) {
    throw new EngineError(36, 'BAD_ARGUMENTS', 'additional_table_filters is a map from tables to conditions')
  }
  const hidden = tables.map((name) => `${stringLiteral(name)}: '0'`)
  const filters = [...(given === '' ? [] : [given]), ...hidden]
  return new Map([...settings, ['additional_table_filters', `{${filters.join(', ')}}`]])
}

/** 0 means "no limit" to ClickHouse, so it is above every ceiling. */
function lower(settings: Map<string, string>, name: string, ceiling: number): void {
  const asked = Number(settings.get(name) ?? 0)
  if (Number.isNaN(asked)) return // the engine tells what is wrong with it
  if (asked === 0 || asked > ceiling) settings.set(name, String(ceiling))
}
