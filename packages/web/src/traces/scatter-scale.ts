import type { Span } from '../time/range.ts'

/** The plot's inner box in CSS px. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** Time on x, duration on y by its logarithm, since durations span many powers of ten. */
export interface ScatterScale {
  x: (ms: number) => number
  y: (durationMs: number) => number
  time: (x: number) => number
  duration: (y: number) => number
  /** Powers of ten within the plot, in ms. */
  ticks: number[]
}

export function scatterScale(durations: readonly number[], span: Span, box: Box): ScatterScale {
  const positive = durations.filter((duration) => duration > 0)
  const low = Math.floor(Math.log10(positive.length ? positive.reduce((a, b) => Math.min(a, b)) : 1))
  const high = Math.max(
    low + 1,
    Math.ceil(Math.log10(positive.length ? positive.reduce((a, b) => Math.max(a, b)) : 1000)),
  )
  const length = Math.max(1, span.to - span.from)
  const share = (duration: number) => (Math.log10(Math.max(duration, 10 ** low)) - low) / (high - low)
  // More than five gridlines crowd the panel, so every second or third power is marked.
  const step = Math.ceil((high - low) / 4)
  return {
    x: (ms) => box.left + ((ms - span.from) / length) * box.width,
    y: (duration) => box.top + (1 - share(duration)) * box.height,
    time: (x) => span.from + ((x - box.left) / box.width) * length,
    duration: (y) => 10 ** (low + (1 - (y - box.top) / box.height) * (high - low)),
    ticks: Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => 10 ** (low + i * step)),
  }
}

/** The nearest point within 12 px, or -1. */
export function nearest(points: readonly { x: number; y: number }[], x: number, y: number): number {
  let best = -1
  let bestDistance = 12 ** 2
  points.forEach((point, i) => {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2
    if (distance < bestDistance) {
      best = i
      bestDistance = distance
    }
  })
  return best
}

/** About `count` round times within a span, in epoch ms. */
export function timeTicks(span: Span, count: number): number[] {
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  ]
  const wanted = (span.to - span.from) / count
  const step = (steps.find((seconds) => seconds * 1000 >= wanted) ?? 604_800) * 1000
  const ticks: number[] = []
  for (let time = Math.ceil(span.from / step) * step; time <= span.to && ticks.length < 50; time += step)
    ticks.push(time)
  return ticks
}
