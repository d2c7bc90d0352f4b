/** A unit as what it measures and how many of the basic unit of that it is. */
interface Unit {
  readonly dimension: string
  readonly factor: number
}

const decimal = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 }
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 }

function multiples(
  names: readonly string[],
  dimension: string,
  factor: number,
  prefixes: Readonly<Record<string, number>>,
): [string, Unit][] {
  return names.flatMap((name) =>
    Object.entries({ '': 1, ...prefixes }).map(([prefix, times]): [string, Unit] => [
      prefix + name,
      { dimension, factor: factor * times },
    ]),
  )
}

const words = (dimension: string, factors: Readonly<Record<string, number>>) =>
  Object.entries(factors).map(([name, factor]): [string, Unit] => [name, { dimension, factor }])

/** UCUM as OpenTelemetry uses it, and the words that exporters send instead. Degrees are missing: they differ by more than a factor. */
const units = new Map<string, Unit>([
  ...words('time', {
    ...{ ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400, wk: 604_800 },
    ...{
      nanoseconds: 1e-9,
      microseconds: 1e-6,
      milliseconds: 1e-3,
      seconds: 1,
      minutes: 60,
      hours: 3600,
      days: 86_400,
    },
  }),
  ...multiples(['By'], 'data', 1, { ...decimal, ...binary }),
  ...multiples(['B'], 'data', 1, { ...decimal, ...binary, K: 1e3 }),
  ...multiples(['bit'], 'data', 1 / 8, { ...decimal, ...binary }),
  ...words('data', { bytes: 1, byte: 1, kilobytes: 1e3, megabytes: 1e6, gigabytes: 1e9 }),
  ...words('1', { '': 1, '1': 1, ratio: 1, '%': 0.01, percent: 0.01, '[ppth]': 1e-3, '[ppm]': 1e-6 }),
  ['Hz', { dimension: '1/time', factor: 1 }],
  ['kHz', { dimension: '1/time', factor: 1e3 }],
  ['MHz', { dimension: '1/time', factor: 1e6 }],
  ['GHz', { dimension: '1/time', factor: 1e9 }],
])

function unitOf(text: string): Unit {
  // What stands in braces only says what is counted.
  const plain = text.replaceAll(/\{[^}]*\}/g, '').trim()
  const known = units.get(plain)
  if (known) return known
  const at = plain.indexOf('/')
  if (at < 0) return { dimension: plain, factor: 1 }
  const [above, below] = [unitOf(plain.slice(0, at)), unitOf(plain.slice(at + 1))]
  const dimension = below.dimension === '1' ? above.dimension : `${above.dimension}/${below.dimension}`
  return { dimension, factor: above.factor / below.factor }
}

/** What a unit measures: units that can be converted to each other have the same. */
export function dimensionOf(unit: string): string {
  return unitOf(unit).dimension
}

/** What a value in one unit is multiplied by to have it in another; undefined when they measure different things. */
export function conversion(from: string, to: string): number | undefined {
  const [source, target] = [unitOf(from), unitOf(to)]
  return source.dimension === target.dimension ? source.factor / target.factor : undefined
}
