/** A value as its number and its unit, so that the unit can be set smaller. */
export interface Quantity {
  value: string
  unit: string
}

/** Milliseconds to the unit a person reads: `212 ms`, `1.24 s`, `2.5 min`; `—` when there is none. */
export function duration(ms: number | null | undefined): Quantity {
  if (ms == null || !Number.isFinite(ms)) return { value: '—', unit: '' }
  const size = Math.abs(ms)
  if (size === 0) return { value: '0', unit: 'ms' }
  if (size < 0.001) return { value: significant(ms * 1e6), unit: 'ns' }
  if (size < 1) return { value: significant(ms * 1e3), unit: 'µs' }
  // 999.6 ms would round to 1000 ms, so the boundary is where the rounding goes.
  if (size < 999.5) return { value: significant(ms), unit: 'ms' }
  if (size < 60_000) return { value: (ms / 1e3).toFixed(size < 9_995 ? 2 : 1), unit: 's' }
  if (size < 3_600_000) return { value: significant(ms / 60_000), unit: 'min' }
  return { value: significant(ms / 3_600_000), unit: 'h' }
}

export function durationText(ms: number | null | undefined): string {
  const { value, unit } = duration(ms)
  return unit ? `${value} ${unit}` : value
}

/** At most three digits: 0.12, 1.2, 12, 123. */
function significant(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.5) return value.toFixed(0)
  if (size >= 9.95) return trim(value.toFixed(1))
  return trim(value.toFixed(2))
}

function trim(text: string): string {
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

/** `3.00 s` on an axis is `3 s`: round ticks need no digits. */
export function withoutTrailingZeros(label: string): string {
  return label.replace(/(\.\d*?)0+(?!\d)/, '$1').replace(/\.(?!\d)/, '')
}
