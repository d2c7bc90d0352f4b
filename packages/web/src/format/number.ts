import type { Quantity } from './duration.ts'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A count: grouped below 10,000 (`1,482`), then `10.4 k`, `2.1 M`, `4.1 B`. */
export function count(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return '—'
  const size = Math.abs(value)
  if (size < 10_000) return grouped.format(value)
  if (size < 999_950) return `${(value / 1e3).toFixed(1)} k`
  if (size < 999_950_000) return `${(value / 1e6).toFixed(1)} M`
  return `${(value / 1e9).toFixed(1)} B`
}

/** Per second: `0.42`, `8.3`, `284`, `1,284`. */
export function rate(perSecond: number | null | undefined): Quantity {
  if (perSecond == null || !Number.isFinite(perSecond)) return { value: '—', unit: '' }
  const size = Math.abs(perSecond)
  if (size === 0) return { value: '0', unit: '/s' }
  if (size < 0.01) return { value: '<0.01', unit: '/s' }
  if (size < 1) return { value: perSecond.toFixed(2), unit: '/s' }
  if (size < 9.95) return { value: perSecond.toFixed(1), unit: '/s' }
  return { value: count(Math.round(perSecond)), unit: '/s' }
}

/** A share of 0 to 1 as percent: `0`, `0.18`, `6.82`, `71`. A share above nothing never reads as 0. */
export function percent(share: number | null | undefined): Quantity {
  if (share == null || !Number.isFinite(share)) return { value: '—', unit: '' }
  const value = share * 100
  if (value === 0) return { value: '0', unit: '%' }
  if (value < 0.01) return { value: '<0.01', unit: '%' }
  return { value: value < 10 ? value.toFixed(2) : value.toFixed(value < 99.95 ? 1 : 0), unit: '%' }
}

/** Bytes in binary steps: `512 B`, `1.5 KiB`, `31.2 GiB`. */
export function bytes(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return '—'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  let size = value
  let step = 0
  while (Math.abs(size) >= 1023.95 && step < units.length - 1) {
    size /= 1024
    step++
  }
  return `${step === 0 ? size.toFixed(0) : size.toFixed(1)} ${units[step]}`
}

/** `1 service`, `2 services`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

export function quantityText({ value, unit }: Quantity): string {
  if (!unit) return value
  return unit.startsWith('/') ? `${value}${unit}` : `${value} ${unit}`
}
