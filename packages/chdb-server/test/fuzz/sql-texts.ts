import { below, oneOf, type Random } from '@burstlet/testkit/fuzz/random'
import { hostileStatements, type Targets } from '../hostile-statements.ts'

/** Statements that may run, made of much that the grammar has. */
const legal = [
  'SELECT * FROM t',
  "SELECT s, count() AS c FROM test.t WHERE s LIKE '%x%' AND n IN (1, 2) GROUP BY s HAVING c > 0 ORDER BY c DESC LIMIT 5",
  'WITH x AS (SELECT n FROM t) SELECT a.n FROM x AS a JOIN t AS b ON a.n = b.n WHERE a.n IN (SELECT n FROM t)',
  "SELECT CASE WHEN n > 1 THEN 'a' ELSE 'b' END, n::Int8, CAST(n AS String), [1, 2][1], (1, 'x').1 FROM t",
  'SELECT sum(n) OVER (PARTITION BY s ORDER BY n) FROM t UNION ALL SELECT 1',
  'SELECT arrayMap(x -> x + 1, [1, 2]), toStartOfInterval(now(), INTERVAL 1 MINUTE), if(n > 1, NULL, -n) FROM t',
  "FROM t SELECT TOP 3 n AS a$b$, ‘x’ AS “y”, $h$ ; ' $h$ -- c\n/* a /* b */ c */;",
  "SELECT quantile(0.9)(n), 'it''s \\x41 \\'', \"s\", `s` FROM t ARRAY JOIN [1] AS z WHERE NOT n BETWEEN 1 AND 2",
]

/** Where lexers disagree, and what statements are made of. */
const sqlFragments = [
  ...['$', '$$', '$a$', '$b$', 'a$b$', '‘', '’', '“', '”', "'", '"', '`', "''", '\\', "\\'", '\\x27', '\\0'],
  ...[
    '--',
    '-- ',
    '#',
    '# ',
    '#!',
    '/*',
    '*/',
    '/**/',
    '/* /* */',
    '\n',
    '\r',
    '\t',
    '\0',
    '\v',
    '\f',
    '\u00a0',
    '\u2003',
    '\u3000',
  ],
  ...[
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u0085',
    ';',
    ';;',
    '(',
    ')',
    '((',
    '))',
    '[',
    ']',
    '{',
    '}',
    '{x:String}',
    '{t:Identifier}',
    ',',
    '.',
  ],
  ...[
    '::',
    '->',
    '||',
    '?',
    ':',
    '@',
    '@@x',
    '\\G',
    '=',
    '==',
    '<=>',
    '!',
    '0x',
    '1e',
    '.5',
    '1_0',
    "x'41'",
    "b'01'",
    'ž',
    '値',
    '🙂',
  ],
  ...[
    'SELECT',
    'FROM',
    't',
    'hidden',
    'test.hidden',
    '`hidden`',
    'system.tables',
    'system.processes',
    'n',
    's',
    '*',
    '1',
    'NULL',
  ],
  ...[
    'WITH',
    'AS',
    'IN',
    'NOT',
    'WHERE',
    'PREWHERE',
    'GROUP BY',
    'ORDER BY',
    'LIMIT',
    'UNION ALL',
    'EXCEPT',
    'INTERSECT',
    'JOIN',
    'FINAL',
  ],
  ...[
    'SETTINGS',
    'SETTINGS readonly = 0',
    'FORMAT',
    'FORMAT Null',
    'INTO OUTFILE',
    'TRUNCATE',
    'APPEND',
    'EXPLAIN AST',
    'EXPLAIN',
    'PARALLEL WITH',
  ],
  ...[
    'KILL QUERY WHERE 1',
    'SET',
    'DROP TABLE t',
    'INSERT INTO t',
    'VALUES',
    'CREATE TABLE made',
    'SYSTEM',
    'EXECUTE AS',
    'SHOW TABLES',
    'DESCRIBE',
  ],
  ...[
    'APPLY',
    'COLUMNS',
    'REPLACE',
    'OVER',
    'WINDOW',
    'QUALIFY',
    'INTERPOLATE',
    'SAMPLE',
    'CASE',
    'END',
    'INTERVAL',
    'ARRAY JOIN',
    'LAMBDA',
    'USING',
  ],
  ...[
    'count()',
    'any(s)',
    'file',
    'FILE',
    '`file`',
    'url(',
    'merge(',
    'view(',
    'numbers(3)',
    'executable(',
    'dictGet(',
    'getSetting(',
  ],
]

/** An endless row of texts that SQL is made of, legal, hostile, broken: the same for a seed. */
export function* sqlTexts(random: Random, targets: Targets): Generator<string> {
  const fragments = [
    ...sqlFragments,
    `file('${targets.ownFile}')`,
    `file('${targets.secretFile}')`,
    `'${targets.ownFile}'`,
    `INTO OUTFILE '${targets.outputFile}' TRUNCATE`,
  ]
  const hostile = hostileStatements(targets)
  const corpus = [...legal, ...hostile]
  const soup = () =>
    Array.from({ length: 1 + below(random, 25) }, () => oneOf(random, fragments)).join(
      below(random, 4) === 0 ? '' : ' ',
    )
  while (true) {
    const kind = below(random, 10)
    if (kind === 0) yield soup()
    else if (kind === 1) yield `SELECT ${soup()}`
    else yield mutated(random, oneOf(random, below(random, 2) === 0 ? legal : hostile), fragments, corpus)
  }
}

function mutated(random: Random, text: string, fragments: readonly string[], corpus: readonly string[]): string {
  let result = text
  for (let times = 1 + below(random, 3); times > 0; times--) result = mutatedOnce(random, result, fragments, corpus)
  return result
}

function mutatedOnce(random: Random, text: string, fragments: readonly string[], corpus: readonly string[]): string {
  const [from = 0, to = 0] = [below(random, text.length + 1), below(random, text.length + 1)].sort((a, b) => a - b)
  const piece = oneOf(random, fragments)
  const space = oneOf(random, ['', ' '])
  switch (below(random, 9)) {
    case 0:
      return text.slice(0, from) + text.slice(Math.min(to, from + 8))
    case 1:
      return `${text.slice(0, from)}${piece}${text.slice(Math.min(to, from + 3))}`
    case 2:
      return text.slice(0, to) + text.slice(from)
    case 3:
      return text.replace(oneOf(random, ["'", '"', '`', '(', ')', ' ', ',']), piece)
    case 4:
      return `${text.slice(0, from)} ${oneOf(random, corpus)} ${text.slice(to)}`
    case 5:
      return `${text.slice(0, from)}(${oneOf(random, corpus)})${text.slice(to)}`
    case 6:
      return text.replaceAll(oneOf(random, ["'", '"', '`']), oneOf(random, ['‘', '’', '“', '”', "'", '$a$', '`', '"']))
    default:
      // Between tokens, mostly.
      return text.replace(/ /g, (blank) => (below(random, 6) === 0 ? `${space}${piece}${blank}` : blank))
  }
}
