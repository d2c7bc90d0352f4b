import { tables } from '../src/columns.ts'

/** The AssemblyScript file that holds the columns of `columns.ts`. */
export function generateTables(): string {
  return [
    '// Made by `pnpm generate` from src/columns.ts.',
    `import { ${classes.join(', ')}, ${sizes.join(', ')} } from '../columns/columns'`,
    `import { ${kinds.join(', ')} } from '../columns/definition'`,
    "import { defineColumn, defineTable, Table, TABLE_BYTES } from '../columns/table'",
    '',
    ...Object.entries(tables).map(([table, columns]) => namespaceOf(table, columns)),
    '/** To be called once, before anything else. */',
    'export function defineTables(): void {',
    ...Object.entries(tables).flatMap(([table, columns]) => definitionsOf(table, columns)),
    '}',
    '',
  ].join('\n')
}

interface Shape {
  /** The class, and the bytes that it takes. */
  readonly type: string
  readonly bytes: string
  readonly kind: string
  readonly inner: string
  readonly width: number
}

type Columns = readonly { readonly name: string; readonly type: string }[]

const sizes = [
  'ARRAY_BYTES',
  'FIXED_BYTES',
  'LOW_CARDINALITY_BYTES',
  'MAP_BYTES',
  'NULLABLE_STRING_BYTES',
  'STRING_BYTES',
]
const kinds = ['ARRAY', 'FIXED', 'LOW_CARDINALITY', 'MAP', 'NULLABLE_STRING', 'STRING']
const classes = [
  'ArrayColumn',
  'FixedColumn',
  'LowCardinalityColumn',
  'MapColumn',
  'NullableStringColumn',
  'SpanIdColumn',
  'StringColumn',
  'TraceIdColumn',
]

const widths: Readonly<Record<string, number>> = {
  UInt8: 1,
  Bool: 1,
  UInt16: 2,
  UInt32: 4,
  Int32: 4,
  DateTime: 4,
  Float32: 4,
  UInt64: 8,
  Int64: 8,
  Float64: 8,
  "DateTime64(9, 'UTC')": 8,
}

function shapeOf(type: string): Shape {
  const [, outer = type, inner = ''] = /^(\w+)\((.*)\)$/.exec(type) ?? []
  const width = widths[type]
  if (width !== undefined) return plain('FixedColumn', 'FIXED', width)
  switch (outer) {
    case 'String':
      return plain('StringColumn', 'STRING')
    case 'FixedString':
      return inner === '16' ? plain('TraceIdColumn', 'FIXED', 16) : plain('SpanIdColumn', 'FIXED', 8)
    case 'Nullable':
      return plain('NullableStringColumn', 'NULLABLE_STRING')
    case 'LowCardinality':
      return plain('LowCardinalityColumn', 'LOW_CARDINALITY')
    case 'Map': {
      const values = shapeOf(inner.slice('LowCardinality(String), '.length))
      return { type: 'MapColumn', bytes: 'MAP_BYTES', kind: 'MAP', inner: values.kind, width: values.width }
    }
    case 'Array': {
      const elements = shapeOf(inner)
      return {
        type: `ArrayColumn<${elements.type}>`,
        bytes: `ARRAY_BYTES + ${elements.bytes}`,
        kind: 'ARRAY',
        inner: elements.kind,
        width: elements.width,
      }
    }
    default:
      throw new Error(`no column class for ${type}`)
  }
}

function plain(type: string, kind: string, width = 0): Shape {
  return { type, bytes: `${kind}_BYTES`, kind, inner: 'FIXED', width }
}

function namespaceOf(table: string, columns: Columns): string {
  const members = columns.map(({ name, type }) => {
    const shape = shapeOf(type)
    return `  export const ${camelCase(name)} = changetype<${shape.type}>(memory.data(${shape.bytes}, 8))`
  })
  return [
    `export namespace ${camelCase(table)} {`,
    '  export const table = changetype<Table>(memory.data(TABLE_BYTES, 8))',
    ...members,
    '}',
    '',
  ].join('\n')
}

let slots = 0

function definitionsOf(table: string, columns: Columns): string[] {
  const space = camelCase(table)
  if (table === Object.keys(tables)[0]) slots = 0
  return [
    `  defineTable(${space}.table)`,
    ...columns.flatMap(({ name, type }) => {
      const { kind, inner, width } = shapeOf(type)
      const column = `${space}.${camelCase(name)}`
      const definition = `  defineColumn(${space}.table, changetype<usize>(${column}), ${kind}, ${inner}, ${width}, ${JSON.stringify(name)}, ${JSON.stringify(type)})`
      return kind === 'MAP' ? [definition, `  ${column}.slot = ${slots++}`] : [definition]
    }),
  ]
}

function camelCase(name: string): string {
  return name.replace(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
