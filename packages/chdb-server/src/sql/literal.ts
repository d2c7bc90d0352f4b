/** A string as ClickHouse's literal. */
export function stringLiteral(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`
}

/** A name as ClickHouse's quoted identifier. */
export function quotedName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&').replaceAll('\0', '\\0')}\``
}
