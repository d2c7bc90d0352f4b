import { type QueryResponse, queryResponse } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { type Item, type ItemRecord, randomItem, requestOf } from './filters/items.ts'
import { insertOtlp } from './rows/otlp.ts'
import { Random } from './rows/random.ts'
import { get, post } from './test-api.ts'

const time = Date.now() - 120_000
const range = { from: time - 60_000, to: time + 60_000 }
const signals = ['spans', 'logs', 'metrics'] as const
const random = new Random(31)
const items = Object.fromEntries(
  signals.map((signal) => [signal, Array.from({ length: 60 }, (_, seq) => randomItem(random, signal, seq, time))]),
) as Record<Item['signal'], Item[]>

const api = startedApi(async (engine) => {
  for (const signal of signals) {
    const { signal: of, request } = requestOf(items[signal])
    await insertOtlp(engine, of, request)
  }
})

/** One of each kind: columns, attributes and where they come from, members of maps, what is joined, and what there are several of. */
const everywhere = [
  ...['service.name', 'k', 'user.age', 'zones', 'attribute.k', 'host.name', 'resource.k', 'resource.user.age'],
  ...['scope.name', 'scope.version', 'scope.k', 'any.k', 'any.user.age'],
]
const kinds = {
  spans: [
    ...everywhere,
    ...['name', 'kind', 'duration', 'trace_id', 'trace_state', 'http.route', 'http.response.status_code', 'user.id'],
    ...['event.name', 'event.k', 'event.user.age', 'link.span_id', 'link.k'],
  ],
  logs: [...everywhere, 'body', 'level', 'severity', 'event_name', 'span_id', 'event.k'],
  metrics: [...everywhere, 'name', 'unit', 'event.k'],
} as const satisfies Record<Item['signal'], readonly string[]>

describe.each(signals)('every field of %s beside every other', (signal) => {
  test.each(kinds[signal])('%s in the filter', async (filtered) => {
    const all = kinds[signal]
    const at = all.indexOf(filtered as never)
    const isListed = /(?:_id|duration|kind|level|severity)$/.test(filtered)
    const filter = `${filtered} EXISTS${isListed ? '' : ` OR ${filtered} NOT IN ('x')`}`
    const base = { signal, filter, ...(signal === 'metrics' && { metric: 'filtered' }) }
    // Each other field once, six at a time, each time beside others.
    const turned = [...all.slice(at), ...all.slice(0, at)]
    const groups = Array.from({ length: Math.ceil(all.length / 6) }, (_, index) =>
      turned.filter((_, each) => each % Math.ceil(all.length / 6) === index),
    )
    const queries: object[] = groups.map((groupBy, index) => {
      const orderBy = `${index % 2 === 0 ? 'value' : groupBy[1]} ${index % 4 < 2 ? 'asc' : 'desc'}`
      const aggregate = signal === 'metrics' ? 'last' : index % 2 === 0 ? 'count' : `uniq(${groupBy[0]})`
      const kind = (['time_series', 'scalar', 'table'] as const)[index % 3]!
      return { ...base, kind, aggregate, groupBy, orderBy, limit: 2 }
    })
    if (signal !== 'metrics') {
      const aggregate = [`uniq(${filtered})`, `count(${filtered})`, `avg(${filtered})`, 'p50(any.n)']
      queries.push(
        { ...base, kind: 'table', aggregate, groupBy: ['scope.name', 'resource.k'] },
        { ...base, kind: 'raw', fields: [...all] },
        { ...base, kind: 'distribution', field: filtered },
      )
    }
    await post(api.app, '/query', {
      ...range,
      queries: Object.fromEntries(queries.map((query, index) => [`q${index}`, query])),
    })
    for (const key of [filtered, turned[1]!]) {
      await get(api.app, '/fields/values', { ...range, signal, key, filter, search: 'a' })
    }
    await get(api.app, '/fields/keys', { ...range, signal, filter })
    await Promise.all(viewsOf(signal, filter).map(([path, query]) => get(api.app, path, { ...range, ...query })))
    if (signal === 'spans') {
      await post(api.app, '/traces/compare', { ...range, filter, selected: { filter } })
    }
  })
})

function viewsOf(signal: Item['signal'], filter: string): [string, object][] {
  if (signal === 'spans') {
    return [
      ['/traces', { filter }],
      ['/traces', { calls: filter, minDuration: 0.01 }],
    ]
  }
  if (signal === 'logs') {
    return ['', '/histogram', '/facets', '/patterns'].map((view) => [`/logs${view}`, { filter, search: 'a' }])
  }
  const groupBy = kinds.metrics.join(',')
  return [['/metrics', { name: 'filtered', filter, groupBy, aggregation: 'last' }]]
}

describe('groups', () => {
  const ask = async (query: object): Promise<Record<string, number>> => {
    const { results }: QueryResponse = queryResponse.parse(
      await post(api.app, '/query', { ...range, queries: { a: { kind: 'scalar', limit: 1000, ...query } } }),
    )
    const series = results['a']!.series!
    return Object.fromEntries(series.map(({ labels, value }) => [Object.values(labels).join(' | '), value ?? 0]))
  }
  /** How many items have each of the texts that `of` gives for one. */
  const counted = (signal: Item['signal'], of: (record: ItemRecord, item: Item) => string[]) => {
    const counts: Record<string, number> = {}
    for (const item of items[signal]) {
      for (const key of new Set(of(item.record, item))) counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }
  const stringOf = (attributes: Item['resource'], wanted: string) =>
    attributes.find(({ key }) => key === wanted)?.value.stringValue ?? ''

  test('a span counts in the group of each of its events', async () => {
    const wanted = counted('spans', ({ events = [] }) =>
      events.length === 0 ? [''] : events.map(({ name = '' }) => name),
    )
    expect(await ask({ signal: 'spans', groupBy: ['event.name'] })).toEqual(wanted)
    expect(Object.values(wanted).reduce((sum, count) => sum + count)).toBeGreaterThan(items.spans.length)
  })

  test('two keys about events are of one event', async () => {
    const wanted = counted('spans', ({ events = [] }) =>
      events.length === 0
        ? [' | ']
        : events.map(({ name = '', attributes }) => `${name} | ${stringOf(attributes, 'exception.type')}`),
    )
    expect(await ask({ signal: 'spans', groupBy: ['event.name', 'event.exception.type'] })).toEqual(wanted)
  })

  test('links, scopes and resources', async () => {
    const links = counted('spans', ({ links: all = [] }, { scope }) =>
      (all.length === 0 ? [''] : all.map(({ spanId }) => spanId)).map((id) => `${id} | ${scope.name ?? ''}`),
    )
    expect(await ask({ signal: 'spans', groupBy: ['link.span_id', 'scope.name'] })).toEqual(links)
    const senders = counted('logs', (_, { scope, resource }) => [
      `${stringOf(scope.attributes, 'exception.type')} | ${stringOf(resource, 'exception.type')}`,
    ])
    expect(await ask({ signal: 'logs', groupBy: ['scope.exception.type', 'resource.exception.type'] })).toEqual(senders)
  })

  test('kinds and statuses without a name are their number', async () => {
    const names = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']
    const kindsOf = counted('spans', ({ kind = 0 }) => [names[kind] ?? String(kind)])
    expect(kindsOf['99']).toBeGreaterThan(0)
    expect(await ask({ signal: 'spans', groupBy: ['kind'] })).toEqual(kindsOf)
    for (const [kind, count] of Object.entries(kindsOf)) {
      expect(await ask({ signal: 'spans', filter: `kind = ${kind}` })).toEqual({ '': count })
    }
    const statuses = ['unset', 'ok', 'error']
    expect(await ask({ signal: 'spans', groupBy: ['status'] })).toEqual(
      counted('spans', ({ status }) => [statuses[status?.code ?? 0] ?? String(status?.code)]),
    )
    const { items: values } = await get<{ items: { value: string; count: number }[] }>(api.app, '/fields/values', {
      ...range,
      signal: 'spans',
      key: 'kind',
    })
    expect(Object.fromEntries(values.map(({ value, count }) => [value, count]))).toEqual(kindsOf)
    const { items: traces } = await get<{ items: { traceId: string }[] }>(api.app, '/traces', range)
    const shown = await Promise.all(
      traces.flatMap(({ traceId }) => [
        get<{ spans: { kind: string }[] }>(api.app, `/traces/${traceId}`).then(({ spans }) => spans),
        get<{ items: { kind: string }[] }>(api.app, `/traces/${traceId}/tree`).then((tree) => tree.items),
      ]),
    )
    expect(shown.flat().filter(({ kind }) => kind === '99')).toHaveLength(2 * kindsOf['99']!)
  })

  test('a count of different values is over all events', async () => {
    const names = new Set(items.spans.flatMap(({ record }) => (record.events ?? []).flatMap(({ name }) => name ?? [])))
    expect(await ask({ signal: 'spans', aggregate: 'uniq(event.name)' })).toEqual({ '': names.size })
  })
})
