import { expect, test } from 'vitest'
import { entriesOfText } from './entries-of-text.ts'

test.each([
  ['\\u0000', '\u0000'],
  ['\\/', '/'],
  ['\\n', '\n'],
  ['\\"', '"'],
])('the name %s is one of its own after one that is a backslash', (written, name) => {
  // A first name that no other object has, so that the engine of JavaScript expects the second one to come again.
  const first = `"before ${name.charCodeAt(0)}":0`
  JSON.parse(`{${first},"\\\\":1}`)
  expect(entriesOfText(`{${first},"${written}":1}`)).toContainEqual([name, 1])
})

test('gives back what JSON.stringify wrote, in any order', () => {
  const members = { plain: 'a,"b\\', 'with "quotes"': [',"\\'], '': {}, 7: 'seven', 'own 0': 1, '\\': 2 }
  expect(entriesOfText(JSON.stringify(members)).sort()).toEqual(Object.entries(members).sort())
  expect(entriesOfText('{}')).toEqual([])
})
