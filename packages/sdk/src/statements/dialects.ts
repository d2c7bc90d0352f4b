/** What a dialect takes for a literal, a name or a comment, as far as dialects differ. */
export interface Dialect {
  /** `"…"`: a name as in the standard, or a string. */
  readonly doubleQuotes: 'name' | 'string'
  /** A backslash in `'…'` escapes what follows it. */
  readonly backslashes: boolean
  /** `$$…$$` and `$tag$…$tag$` are strings. */
  readonly dollarQuotes: boolean
  /** `[…]` is a name; else brackets are those of arrays. */
  readonly brackets: boolean
  /** `#` starts a comment, is part of a name (`#temporary`), or an operator. */
  readonly hash: 'comment' | 'name' | 'operator'
  /** `--` starts a comment only before white space. */
  readonly spacedDashes: boolean
  /** `//` starts a comment. */
  readonly slashes: boolean
  readonly nestedComments: boolean
  /** `$12.50` is an amount of money; else `$1` is a parameter. */
  readonly money: boolean
  /** Three quotes begin a string that three quotes end. */
  readonly tripleQuotes: boolean
  /** Nobody knows how it reads a text: all from the first ambiguous literal on is masked. */
  readonly cautious: boolean
}

const standard: Dialect = {
  doubleQuotes: 'name',
  backslashes: false,
  dollarQuotes: false,
  brackets: false,
  hash: 'operator',
  spacedDashes: false,
  slashes: false,
  nestedComments: false,
  money: false,
  tripleQuotes: false,
  cautious: false,
}
const postgresql: Dialect = { ...standard, dollarQuotes: true, nestedComments: true }
const mysql: Dialect = {
  ...standard,
  doubleQuotes: 'string',
  backslashes: true,
  hash: 'comment',
  spacedDashes: true,
}
const mssql: Dialect = { ...standard, brackets: true, hash: 'name', nestedComments: true, money: true }
const sqlite: Dialect = { ...standard, brackets: true }
const oracle: Dialect = { ...standard, hash: 'name' }
const clickhouse: Dialect = {
  ...standard,
  backslashes: true,
  dollarQuotes: true,
  hash: 'comment',
  nestedComments: true,
}
const cassandra: Dialect = { ...standard, dollarQuotes: true, slashes: true }
const snowflake: Dialect = { ...standard, backslashes: true, dollarQuotes: true, slashes: true }
/** BigQuery, Spanner, Hive, Spark, Cypher: strings in either quotes, with backslashes. */
const programming: Dialect = {
  ...standard,
  doubleQuotes: 'string',
  backslashes: true,
  hash: 'comment',
  slashes: true,
  tripleQuotes: true,
}
/** What nobody named: whatever some dialect takes for a literal or a comment is one. */
const unknown: Dialect = {
  ...standard,
  doubleQuotes: 'string',
  backslashes: true,
  dollarQuotes: true,
  hash: 'comment',
  nestedComments: true,
  cautious: true,
}

/** By the values of `db.system.name` and of the older `db.system`. */
const dialects: Readonly<Record<string, Dialect>> = {
  postgresql,
  cockroachdb: postgresql,
  'aws.redshift': postgresql,
  redshift: postgresql,
  mysql,
  mariadb: mysql,
  'microsoft.sql_server': mssql,
  mssql,
  sqlite,
  'oracle.db': oracle,
  oracle,
  'ibm.db2': oracle,
  db2: oracle,
  clickhouse,
  cassandra,
  snowflake,
  'gcp.spanner': programming,
  spanner: programming,
  bigquery: programming,
  hive: programming,
  spark: programming,
  neo4j: programming,
  trino: standard,
  h2database: standard,
  hsqldb: standard,
  derby: standard,
}

/** @param system `db.system.name` or `db.system` of the span */
export function dialectOf(system: string | undefined): Dialect {
  return (system !== undefined && Object.hasOwn(dialects, system) && dialects[system]) || unknown
}
