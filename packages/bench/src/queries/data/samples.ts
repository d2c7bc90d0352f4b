import { services } from '../scenario/services.ts'
import { hashOf, literal, type Week } from './statements.ts'

/** Kinds of series whose bytes are measured, each alone. */
export const sampleKinds = {
  /** Scraped on the minute; half never change, half step by the same amount. */
  even: { sum: true, jitterMs: 0, value: 'if(series % 2 = 0, toInt64(series), scrape * (series % 97 + 1) * 60)' },
  /** Requests that were counted: the rate of each series varies about its mean. */
  counter: {
    sum: true,
    jitterMs: 40,
    value: `scrape * (series % 400) * 6 + toInt64(${hashOf('series', 'scrape', "'counter'")} % (series % 400 + 2))`,
  },
  /** A measured share with three digits that drifts over the day. */
  gauge: {
    sum: false,
    jitterMs: 40,
    value: `round(50 + 30 * sin(scrape / 200 + series) + (${hashOf('series', 'scrape', "'gauge'")} % 2000) / 500, 2)`,
  },
} as const
export type SampleKind = keyof typeof sampleKinds

const fingerprint = (kind: SampleKind) => hashOf('series', `'${kind}'`)
const series = (count: number) => `(SELECT number AS series FROM numbers(${count}))`
const serviceOf = `${literal(services)}[series % ${services.length} + 1]`

/** The series themselves, once for each day. */
export const insertSeries = (kind: SampleKind, count: number, days: readonly number[]) => `
INSERT INTO burstlet.metric_series (space, received, name, fingerprint, type, temporality, monotonic, unit, service, res_hash, scope_hash, attr_s)
SELECT 'default', arrayJoin([${days.map((day) => `toDateTime(${day})`).join(', ')}]), concat('shop.${kind}.', toString(intDiv(series, 50) % 20)),
  ${fingerprint(kind)}, ${sampleKinds[kind].sum ? "2, 2, true, '{item}'" : "1, 0, false, '1'"}, ${serviceOf},
  ${hashOf(serviceOf, 'series % 2', "'resource'")}, 1, map('shard', toString(series), 'pool', concat('pool-', toString(series % 7)))
FROM ${series(count)}`

/** A sample of every series for each minute of some of the week. @param minutes of the week, from 0 */
export function insertSamples(
  kind: SampleKind,
  count: number,
  week: Week,
  minutes: { from: number; to: number },
): string {
  const { sum, jitterMs, value } = sampleKinds[kind]
  const jitter = jitterMs === 0 ? '0' : `toInt64(${hashOf('series % 100', 'scrape', "'jitter'")} % ${jitterMs})`
  return `
INSERT INTO burstlet.metric_samples (space, name, fingerprint, received, time, start, value_type, ${sum ? 'value_int' : 'value_double'})
SELECT 'default', concat('shop.${kind}.', toString(intDiv(series, 50) % 20)), ${fingerprint(kind)}, toDateTime(intDiv(at, 1000) + 1),
  fromUnixTimestamp64Nano(at * 1000000), fromUnixTimestamp64Nano(toInt64(${week.from}) * 1000000000), ${sum ? 2 : 1}, ${value}
FROM (
  SELECT series, scrape, (${week.from} + scrape * 60 + series % 60) * 1000 + ${jitter} AS at
  FROM ${series(count)} AS each
  CROSS JOIN (SELECT toInt64(number) AS scrape FROM numbers(${minutes.from}, ${minutes.to - minutes.from})) AS scrapes
)`
}
