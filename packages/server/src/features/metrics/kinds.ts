import type { ProblemError } from '@burstlet/contract/errors'
import {
  type MetricKindChoice,
  type MetricKindFound,
  type MetricKindName,
  type MetricType,
  metricKinds,
  metricTypes,
} from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { pointsWithin, pointTables } from './points.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'
import { conversion, dimensionOf } from './units.ts'

/** Which of the kinds and units of one name is asked for. */
export interface KindChoice {
  readonly kind?: MetricKindChoice | undefined
  /** A unit that values are to be given in. */
  readonly unit?: string | undefined
}

/** All that a name is, and which of it is read. */
export interface MetricKinds {
  /** undefined when there is no such metric, or none of the kind and unit that was asked for. */
  readonly chosen: MetricKind | undefined
  readonly found: readonly MetricKindFound[]
  /** What is left out and what is converted; `path` is still to be said. */
  readonly warnings: readonly Omit<ProblemError, 'path'>[]
}

/** Series of the same type and unit. */
interface Variant {
  readonly type: number
  readonly unit: string
  readonly monotonic: boolean
  readonly series: string
  readonly points: string
  readonly temporalities: readonly number[]
}

const temporalityNames = ['none', 'delta', 'cumulative'] as const

/**
 * What the series of a name are, within a selection. Services of a fleet need not agree on what they send under one name: what can
 * be put together is one kind (histograms of both types, units that can be converted); of the others the one with most series
 * in the range is read, unless it is said which.
 */
export async function readMetricKinds(
  context: QueryContext,
  selection: SeriesSelection,
  range: TimeRange,
  choice: KindChoice = {},
): Promise<MetricKinds> {
  const announced = await readVariants(context, selection)
  // What was sent a while ago and is no longer does not matter.
  const isOne = classes(announced).length === 1 && new Set(announced.map(({ unit }) => unit)).size === 1
  const present = isOne ? [] : await readPresent(context, selection, range, announced)
  const all = classes(present.length > 0 ? present : announced).sort(bySize)
  const [best] = all.filter((each) => fits(each, choice))
  const chosen = best && kindOf(best, choice)
  return {
    chosen,
    found: all.map((each) => ({
      kind: familyOf(each[0]!),
      types: [...new Set(each.map(({ type }) => metricTypes[type - 1]!))],
      units: [...new Set(each.map(({ unit }) => unit))],
      temporalities: [...new Set(each.flatMap(({ temporalities }) => temporalities))].map(
        (place) => temporalityNames[place] ?? 'none',
      ),
      seriesCount: count(each),
      chosen: each === best,
    })),
    warnings: warningsOf(selection.name, all, best, chosen, choice),
  }
}

async function readVariants(context: QueryContext, selection: SeriesSelection): Promise<Variant[]> {
  const parameters = new Parameters()
  const series = seriesQuery({ ...selection, groupBy: [] }, undefined, context, parameters)
  return context.reader.query<Variant>({
    sql: `
SELECT type, unit, type = 2 AND chosen.monotonic AS monotonic, toString(count()) AS series, '0' AS points,
  groupUniqArray(temporality) AS temporalities
FROM ${series} AS chosen
GROUP BY type, unit, monotonic
ORDER BY type, unit, monotonic`,
    params: parameters.params,
    signal: context.signal,
  })
}

/** The same of those series that have points in a range. */
async function readPresent(
  context: QueryContext,
  selection: SeriesSelection,
  range: TimeRange,
  announced: readonly Variant[],
): Promise<Variant[]> {
  const types = new Set(announced.map(({ type }) => pointTables[metricTypes[type - 1]!]))
  const found = await Promise.all(
    [...types].map((table) => {
      const parameters = new Parameters()
      const series = seriesQuery({ ...selection, groupBy: [] }, undefined, context, parameters)
      return context.reader.query<Variant>({
        sql: `
SELECT type, unit, type = 2 AND chosen.monotonic AS monotonic, toString(count()) AS series, toString(sum(n)) AS points,
  groupUniqArray(temporality) AS temporalities
FROM (
  SELECT point.fingerprint AS fingerprint, count() AS n FROM ${table} AS point
  WHERE ${pointsWithin(selection, series, range, context, parameters)} GROUP BY fingerprint
) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint
GROUP BY type, unit, monotonic
ORDER BY type, unit, monotonic`,
        params: parameters.params,
        signal: context.signal,
      })
    }),
  )
  return found.flat()
}

/** Variants that can be put together. */
function classes(variants: readonly Variant[]): Variant[][] {
  return [...Map.groupBy(variants, (each) => `${familyOf(each)} ${dimensionOf(each.unit)}`).values()]
}

/** What a row of metric_series is. */
export function familyOf({ type, monotonic }: Pick<Variant, 'type' | 'monotonic'>): MetricKindName {
  const name = metricTypes[type - 1]!
  if (name === 'sum') return monotonic ? 'counter' : 'up_down_counter'
  return name === 'exponential_histogram' ? 'histogram' : name
}

/** What a kind is called. */
export function familyOfKind({ type, monotonic }: MetricKind): MetricKindName {
  return familyOf({ type: metricTypes.indexOf(type) + 1, monotonic })
}

/** JSON has no infinities: points that are no numbers are left out, and it is said. */
export function notFiniteWarnings(
  name: string,
  found: readonly { readonly notFinite?: number }[],
): Omit<ProblemError, 'path'>[] {
  const left = found.reduce((sum, { notFinite = 0 }) => sum + notFinite, 0)
  return left === 0 ? [] : [{ message: `${left} points of ${name} are infinite or not a number, and are left out` }]
}

const count = (variants: readonly Variant[]) => variants.reduce((sum, { series }) => sum + Number(series), 0)
const points = (variants: readonly Variant[]) => variants.reduce((sum, each) => sum + Number(each.points), 0)

/** Most series first, then most points; what is left is in the order of the kinds. */
function bySize(a: readonly Variant[], b: readonly Variant[]): number {
  const place = (variants: readonly Variant[]) => metricKinds.indexOf(familyOf(variants[0]!))
  return count(b) - count(a) || points(b) - points(a) || place(a) - place(b)
}

function typesFor(kind: MetricKindChoice | undefined, variant: Variant): boolean {
  const type = metricTypes[variant.type - 1]!
  return kind === undefined || kind === familyOf(variant) || kind === type
}

function fits(variants: readonly Variant[], { kind, unit }: KindChoice): boolean {
  if (!variants.some((each) => typesFor(kind, each))) return false
  return unit === undefined || conversion(variants[0]!.unit, unit) !== undefined
}

function kindOf(variants: readonly Variant[], { kind, unit }: KindChoice): MetricKind {
  const wanted = variants.filter((each) => typesFor(kind, each))
  const target = unit ?? largest(wanted, (each) => each.unit)[0]!.unit
  const [most] = largest(wanted, (each) => String(each.type))
  const type: MetricType = metricTypes[most!.type - 1]!
  return {
    type,
    types: [...new Set(wanted.map((each) => metricTypes[each.type - 1]!))],
    monotonic: most!.monotonic,
    unit: target,
    factors: [...new Set(wanted.map((each) => each.unit))].map((from) => [from, conversion(from, target) ?? 1]),
  }
}

/** Of variants that share what `by` gives, those that have most series. */
function largest(variants: readonly Variant[], by: (variant: Variant) => string): readonly Variant[] {
  return [...Map.groupBy(variants, by).values()].sort((a, b) => count(b) - count(a) || points(b) - points(a))[0]!
}

function warningsOf(
  name: string,
  all: readonly (readonly Variant[])[],
  best: readonly Variant[] | undefined,
  chosen: MetricKind | undefined,
  { kind, unit }: KindChoice,
): Omit<ProblemError, 'path'>[] {
  const ways = all.map(described).join('; ')
  if (all.length > 0 && !chosen) {
    const asked = [kind, unit !== undefined && `in ${unit || 'no unit'}`].filter(Boolean).join(' ')
    return [{ message: `${name} is not ${asked}`, hint: `It is: ${ways}` }]
  }
  const others = all.filter((each) => each !== best)
  const isSaid = (each: readonly Variant[]) =>
    (kind !== undefined && !each.some((variant) => typesFor(kind, variant))) ||
    (unit !== undefined && conversion(each[0]!.unit, unit) === undefined)
  const left = others.filter((each) => !isSaid(each))
  const converted = chosen?.factors.filter(([, factor]) => factor !== 1).map(([from]) => from || '1') ?? []
  return [
    ...left.map((each) => ({
      message: `${name} is also ${described(each)}, which is left out`,
      hint: `Ask for it by kind ${familyOf(each[0]!)}, unit ${each[0]!.unit || '1'}`,
    })),
    ...(converted.length > 0
      ? [{ message: `${name} in ${converted.join(', ')} is converted to ${chosen!.unit || '1'}` }]
      : []),
  ]
}

function described(variants: readonly Variant[]): string {
  const units = [...new Set(variants.map(({ unit }) => unit))].map((unit) => unit || 'no unit').join(', ')
  return `${familyOf(variants[0]!)} in ${units} (${count(variants)} series)`
}
