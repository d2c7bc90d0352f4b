import { expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { anyValueOf, attributesOf, insertOtlp, type Plain } from './rows/otlp.ts'
import { get } from './test-api.ts'

// As other products search: a trace is found by tags wherever they stand, on the span, its process, its logs, its library.
const end = Date.now() - 120_000

interface Sent {
  readonly name: string
  readonly service: string
  readonly durationMs: number
  readonly attributes: Record<string, Plain>
  readonly resource: Record<string, Plain>
  readonly scope: Record<string, Plain>
  readonly events: Record<string, Plain>[]
  readonly links: Record<string, Plain>[]
}

const plain: Sent = {
  name: 'op',
  service: 'shop',
  durationMs: 5,
  attributes: {},
  resource: {},
  scope: {},
  events: [],
  links: [],
}
const tag = { 'same.tag': 'value', count: 123n, share: 0.25, open: true }
const sent: Record<string, Sent> = {
  span: { ...plain, attributes: tag },
  process: { ...plain, resource: tag },
  library: { ...plain, scope: tag },
  event: { ...plain, events: [{ name: 'other' }, { name: 'note', ...tag }] },
  link: { ...plain, links: [tag] },
  spread: { ...plain, attributes: { 'same.tag': 'value' }, resource: { count: 123n }, events: [{ open: true }] },
  apart: {
    ...plain,
    events: [
      { name: 'exception', type: 'A' },
      { name: 'note', type: 'B' },
    ],
  },
  together: {
    ...plain,
    events: [
      { name: 'exception', type: 'B' },
      { name: 'note', type: 'A' },
    ],
  },
  named: { ...plain, name: 'place order', attributes: tag },
  elsewhere: { ...plain, service: 'cart', attributes: tag },
  slow: { ...plain, durationMs: 4000, attributes: tag },
  other: { ...plain, attributes: { 'same.tag': 'another', count: 124n, share: 0.5, open: false } },
  typed: { ...plain, attributes: { count: '123', open: 'true' } },
  nested: { ...plain, attributes: { user: { age: 5n, name: 'Ada', address: { city: 'Paris' } } } },
  'nested in an event': { ...plain, events: [{ user: { age: 5n } }] },
  'nested in a process': { ...plain, resource: { 'user.age': 5n } },
  listed: { ...plain, resource: { zones: ['a', 'b'], ports: [80n, 443n], flags: [true] } },
  'listed as texts': { ...plain, attributes: { zones: ['ab'], ports: ['80'], flags: ['true'] } },
  none: plain,
}
const names = Object.keys(sent)
const traceIdOf = (name: string) => (names.indexOf(name) + 1).toString(16).padStart(32, '0')

const api = startedApi((engine) =>
  insertOtlp(engine, 'traces', {
    resourceSpans: names.map((name) => {
      const each = sent[name]!
      const start = BigInt(end - 10_000) * 1_000_000n
      return {
        resource: { attributes: attributesOf({ 'service.name': each.service, ...each.resource }) },
        scopeSpans: [
          {
            scope: { name: 'lib', attributes: attributesOf(each.scope) },
            spans: [
              {
                traceId: traceIdOf(name),
                spanId: traceIdOf(name).slice(16),
                name: each.name,
                kind: 2,
                startTimeUnixNano: String(start),
                endTimeUnixNano: String(start + BigInt(each.durationMs) * 1_000_000n),
                attributes: attributesOf(each.attributes),
                events: each.events.map(({ name: of, ...attributes }) => ({
                  name: of === undefined ? '' : anyValueOf(of).stringValue,
                  timeUnixNano: String(start),
                  attributes: attributesOf(attributes),
                })),
                links: each.links.map((attributes) => ({
                  traceId: 'f'.repeat(32),
                  spanId: 'e'.repeat(16),
                  attributes: attributesOf(attributes),
                })),
              },
            ],
          },
        ],
      }
    }),
  }),
)

const tagged = ['span', 'process', 'library', 'event', 'link', 'named', 'elsewhere', 'slow']
const inShop = tagged.filter((name) => name !== 'elsewhere')

test.each<[Record<string, unknown>, string[]]>([
  [{ filter: "any.same.tag = 'value'" }, [...tagged, 'spread']],
  [{ filter: 'any.count = 123' }, [...tagged, 'spread']],
  [{ filter: 'any.share = 0.25' }, tagged],
  [{ filter: 'any.open = true' }, [...tagged, 'spread']],
  [{ filter: "any.same.tag = 'value' AND any.count = 123 AND any.open = true" }, [...tagged, 'spread']],
  [{ filter: "any.same.tag = 'value' AND any.share = 0.25" }, tagged],
  [{ filter: "any.same.tag = 'value'", service: 'shop' }, [...inShop, 'spread']],
  [{ filter: "any.same.tag = 'value'", service: 'shop', operation: 'place order' }, ['named']],
  [{ filter: 'any.count = 123', service: 'cart', operation: 'op' }, ['elsewhere']],
  [{ filter: 'any.count = 123', minDuration: 1000 }, ['slow']],
  [{ filter: 'any.count = 123', service: 'shop', operation: 'op', minDuration: 1000, maxDuration: 5000 }, ['slow']],
  [
    { filter: 'any.count = 123', service: 'shop', operation: 'op', maxDuration: 10 },
    ['span', 'process', 'library', 'event', 'link', 'spread'],
  ],
  [{ filter: "any.count = '123'" }, ['typed']],
  [{ filter: "any.same.tag != 'value'" }, ['other']],
  [{ filter: "any.same.tag NOT IN ('value', 'x')" }, ['other']],
  [{ filter: "any.same.tag LIKE 'val%' AND NOT any.count = 123" }, []],
  [{ filter: 'any.never EXISTS' }, []],
  [{ filter: "same.tag = 'value'" }, ['span', 'spread', 'named', 'elsewhere', 'slow']],
  [{ filter: "resource.same.tag = 'value'" }, ['process']],
  [{ filter: 'scope.count = 123' }, ['library']],
  [{ filter: 'scope.share > 0.2 AND scope.open = true' }, ['library']],
  [{ filter: 'event.count >= 123' }, ['event']],
  [{ filter: "event.name = 'note'" }, ['event', 'apart', 'together']],
  [{ filter: "link.same.tag CONTAINS 'ALU'" }, ['link']],
  [{ filter: `link.trace_id = ${'f'.repeat(32)}` }, ['link']],
  [{ filter: `link{span_id = ${'e'.repeat(16)} AND open = true}` }, ['link']],
  [{ filter: "event.name = 'exception' AND event.type = 'A'" }, ['apart', 'together']],
  [{ filter: "event{name = 'exception' AND type = 'A'}" }, ['apart']],
  [{ filter: "event{name = 'exception' AND NOT type = 'A'}" }, ['together']],
  [{ filter: "event{type EXISTS AND name != 'exception' AND type IN (A)}" }, ['together']],
  [{ filter: "NOT event{name = 'exception'} AND event.name EXISTS" }, ['event']],
  [{ filter: "event{name = 'exception' type = 'A'} OR link{count = 123}" }, ['apart', 'link']],
  [{ filter: 'user.age = 5' }, ['nested']],
  [{ filter: "user.name = 'Ada' AND user.address.city = Paris" }, ['nested']],
  [{ filter: 'user.age > 4.5 OR event.user.age < 6' }, ['nested', 'nested in an event']],
  [{ filter: 'any.user.age = 5' }, ['nested', 'nested in an event', 'nested in a process']],
  [{ filter: 'user EXISTS' }, ['nested']],
  [{ filter: 'user.address EXISTS AND user.address.street NOT EXISTS' }, ['nested']],
  [{ filter: "resource.zones CONTAINS 'a'" }, ['listed']],
  [{ filter: "any.zones CONTAINS 'ab'" }, ['listed as texts']],
  [{ filter: 'any.ports CONTAINS 80' }, ['listed']],
  [{ filter: "any.ports CONTAINS '80'" }, ['listed as texts']],
  [{ filter: 'any.flags CONTAINS true' }, ['listed']],
  [{ filter: "resource.zones NOT CONTAINS 'a'" }, []],
  [{ filter: "resource.zones NOT CONTAINS 'c'" }, ['listed']],
])('%j', async (query, wanted) => {
  const { items } = await get<{ items: { traceId: string }[] }>(api.app, '/traces', {
    ...query,
    from: end - 60_000,
    to: end,
  })
  const found = items.map(({ traceId }) => names[Number.parseInt(traceId, 16) - 1])
  expect(found.sort()).toEqual([...wanted].sort())
})

test.each([
  ['event{name = }', 'column 14'],
  ['event{event{a = 1}}', 'column 7'],
  ['event{link{a = 1}}', 'column 7'],
  ['link{exception}', 'column 6'],
  ["link{span_id = '12'}", 'column 16'],
  ["name EXISTS AND event{type REGEXP '('}", 'column 35'],
  ['event{kind > true}', 'column 14'],
])('%s is refused: %s', async (filter, column) => {
  const response = await api.app.inject({ url: '/traces', query: { filter } })
  expect(response.statusCode).toBe(400)
  expect(response.json().detail).toContain(column)
})

test('only spans have events and links', async () => {
  const response = await api.app.inject({ url: '/logs', query: { filter: 'a = 1 AND event{b = 1}' } })
  expect(response.statusCode).toBe(400)
  expect(response.json().detail).toContain('Only spans have events (column 11)')
})
