/** A name, or an element of an array, with an escape in it; also where one stands in a value, which does no harm. */
const escaped = /[{,]"[^"\\]*\\/

/**
 * The names and values of the text of a JSON object, integer-like names first. `JSON.parse` of V8 (Node 24) compares a name as it
 * is written, up to its length without escapes, with the one that followed in the object before: `"\u0000"` comes back
 * as `\`, where an object like it had that name. Where a name has an escape, the object gets a first name of its own, after which
 * nothing has followed yet.
 */
export function entriesOfText<Value>(text: string): [name: string, value: Value][] {
  if (!escaped.test(text)) return Object.entries(JSON.parse(text) as Record<string, Value>)
  const own = ownName(text)
  const members = JSON.parse(`{"${own}":0,${text.slice(1)}`) as Record<string, Value>
  return Object.entries(members).filter(([name]) => name !== own)
}

let made = 0

function ownName(text: string): string {
  for (;;) {
    const name = `own ${made++}`
    if (!text.includes(name)) return name
  }
}
