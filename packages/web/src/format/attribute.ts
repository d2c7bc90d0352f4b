/** An attribute's value as text: strings as they are, the rest as JSON, `""` for an empty string so that it is seen. */
export function attributeText(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return JSON.stringify(value) ?? 'null'
}
