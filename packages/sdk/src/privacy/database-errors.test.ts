import { expect, it } from 'vitest'
import { withoutQuotedValues } from './database-errors.ts'

it.each([
  ['Key (email)=(ann@example.com) already exists.', 'Key (email)=(?) already exists.'],
  ['Key (a, b)=(x (y), 7) is not present in table "t".', 'Key (a, b)=(?) is not present in table "t".'],
  ["Duplicate entry 'O'Connor' for key 'users.name'", "Duplicate entry '?' for key 'users.name'"],
  ["Incorrect integer value: 'pw' for column 'n' at row 1", "Incorrect integer value: '?' for column 'n' at row 1"],
  ["… for the right syntax to use near 'pw' at line 1", "… for the right syntax to use near '?' at line 1"],
  ['invalid input syntax for type integer: "pw"', 'invalid input syntax for type integer: "?"'],
  ['The duplicate key value is (pw, 1).', 'The duplicate key value is (?).'],
  [
    'E11000 duplicate key error collection: a.b index: c dup key: { email: "pw" }',
    'E11000 duplicate key error collection: a.b index: c dup key: {?}',
  ],
  ['relation "videos" does not exist', 'relation "videos" does not exist'],
])('%s', (message, expected) => expect(withoutQuotedValues(message)).toBe(expected))
