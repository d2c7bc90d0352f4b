import { expect, test } from 'vitest'
import { parseAggregate } from './aggregate.ts'

test.each([
  ['count', { name: 'count' }],
  ['COUNT()', { name: 'count' }],
  ['p95(duration)', { name: 'percentile', percent: 95, field: { name: 'duration', column: 5 } }],
  [
    'p99.9( http.response.body.size )',
    { name: 'percentile', percent: 99.9, field: { name: 'http.response.body.size' } },
  ],
  ['p100', { name: 'percentile', percent: 100 }],
  ['uniq(user.id)', { name: 'uniq', field: { name: 'user.id' } }],
  ['avg(`my key`)', { name: 'avg', field: { name: 'my key', column: 5 } }],
  ['sum(a-b/c)', { name: 'sum', field: { name: 'a-b/c' } }],
])('%s', (text, expected) => expect(parseAggregate(text)).toMatchObject(expected))

test.each([
  ['', /ends where more is expected \(column 1\)/],
  ['average(duration)', /no aggregate average \(column 1\)\. There are count/],
  ['cuont', /mean count/],
  ['p95ms(duration)', /no aggregate p95ms/],
  ['p101(x)', /no aggregate p101/],
  ['count(', /column 7\).*closing \)/],
  ['count(a, b)', /"," is not expected here \(column 8\)/],
  ['percentile(x)', /no aggregate percentile/],
  ['count + 1', /column 7/],
])('%s is refused', (text, message) => expect(() => parseAggregate(text)).toThrow(message))
