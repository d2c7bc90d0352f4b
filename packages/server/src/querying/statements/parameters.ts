/**
 * Collects the values of one query. A value never stands in the text of a statement: `value('String', x)` gives the
 * `{p0:String}` that stands for it, and `params` holds it.
 */
export class Parameters {
  readonly params: Record<string, unknown> = {}
  #count = 0

  /** @param type of ClickHouse, such as `String` or `Array(UInt64)` */
  value(type: string, value: unknown): string {
    const name = `p${this.#count}`
    this.#count += 1
    this.params[name] = value
    return `{${name}:${type}}`
  }
}

/** `a AND b`, each in brackets; `1` when there is nothing to hold. */
export function all(conditions: readonly (string | undefined)[]): string {
  const present = conditions.filter((condition) => condition !== undefined)
  return present.length === 0 ? '1' : present.map((condition) => `(${condition})`).join(' AND ')
}
