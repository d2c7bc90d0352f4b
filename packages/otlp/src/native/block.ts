import { type Column, type TableName, tables } from '../columns.ts'
import { ArrayColumn } from './array-column.ts'
import { BlockOutput, varintLength } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { Column8, Column16, Column32, Column64, FixedStringColumn, FloatColumn32 } from './fixed-width-columns.ts'
import { GrowingBytes } from './growing-bytes.ts'
import type { KeyDictionary } from './key-dictionary.ts'
import { LowCardinalityColumn } from './low-cardinality-column.ts'
import { MapColumn } from './map-column.ts'
import { NullableStringColumn, StringColumn } from './string-columns.ts'

/** The builder of a ClickHouse type. */
export type BuilderOf<Type extends string> = Type extends 'UInt8' | 'Bool'
  ? Column8
  : Type extends 'UInt16'
    ? Column16
    : Type extends 'UInt32' | 'Int32' | 'DateTime'
      ? Column32
      : Type extends 'Float32'
        ? FloatColumn32
        : Type extends 'UInt64' | 'Int64' | 'Float64' | "DateTime64(9, 'UTC')"
          ? Column64
          : Type extends 'String'
            ? StringColumn
            : Type extends 'Nullable(String)'
              ? NullableStringColumn
              : Type extends 'LowCardinality(String)'
                ? LowCardinalityColumn
                : Type extends `FixedString(${string})`
                  ? FixedStringColumn
                  : Type extends `Map(LowCardinality(String), ${infer Value})`
                    ? MapColumn<BuilderOf<Value>>
                    : Type extends `Array(${infer Element})`
                      ? ArrayColumn<BuilderOf<Element>>
                      : never

export type Builders<Name extends TableName> = {
  readonly [C in (typeof tables)[Name][number] as C['name']]: BuilderOf<C['type']>
}

/** One Native block of a table while it is filled: a builder for each column of `columns.ts`, made by its type. */
export class BlockBuilder<Name extends TableName> {
  readonly table: Name
  readonly columns: Builders<Name>
  readonly #all: readonly { readonly header: Uint8Array; readonly builder: ColumnBuilder }[]
  readonly #output = new BlockOutput()
  rows = 0

  constructor(table: Name, keys: KeyDictionary) {
    this.table = table
    this.#all = tables[table].map((column) => ({ header: header(column), builder: builderOf(column.type, keys) }))
    this.columns = Object.fromEntries(
      tables[table].map((column, i) => [column.name, this.#all[i]?.builder]),
    ) as unknown as Builders<Name>
  }

  clear(): void {
    this.rows = 0
    for (const { builder } of this.#all) builder.clear()
  }

  /** The block's bytes, valid until the next `encode`. Throws when a column does not have `rows` rows: a fault here. */
  encode(): Uint8Array {
    let length = varintLength(this.#all.length) + varintLength(this.rows)
    for (const { header, builder } of this.#all) {
      if (builder.rows !== this.rows) {
        const name = tables[this.table][this.#all.findIndex((column) => column.builder === builder)]?.name
        throw new Error(`${this.table}.${name} has ${builder.rows} rows, the block has ${this.rows}`)
      }
      length += header.length + (builder.versioned ? 8 : 0) + builder.byteLength()
    }
    const output = this.#output.begin(length)
    output.varint(this.#all.length)
    output.varint(this.rows)
    for (const { header, builder } of this.#all) {
      output.raw(header)
      if (builder.versioned) output.uint64(1)
      builder.write(output)
    }
    return output.written()
  }
}

function header({ name, type }: Column): Uint8Array {
  const bytes = new GrowingBytes()
  bytes.appendText(name)
  bytes.appendText(type)
  return bytes.bytes.slice(0, bytes.length)
}

function builderOf(type: string, keys: KeyDictionary): ColumnBuilder {
  const [, outer = type, inner = ''] = /^(\w+)\((.*)\)$/.exec(type) ?? []
  switch (outer) {
    case 'UInt8':
    case 'Bool':
      return new Column8()
    case 'UInt16':
      return new Column16()
    case 'UInt32':
    case 'Int32':
    case 'DateTime':
      return new Column32()
    case 'Float32':
      return new FloatColumn32()
    case 'UInt64':
    case 'Int64':
    case 'Float64':
    case 'DateTime64':
      return new Column64()
    case 'String':
      return new StringColumn()
    case 'Nullable':
      return new NullableStringColumn()
    case 'LowCardinality':
      return new LowCardinalityColumn()
    case 'FixedString':
      return new FixedStringColumn(Number(inner))
    case 'Map':
      return new MapColumn(keys, builderOf(inner.slice('LowCardinality(String), '.length), keys))
    case 'Array':
      return new ArrayColumn(builderOf(inner, keys))
    default:
      throw new Error(`no column builder for ${type}`)
  }
}
