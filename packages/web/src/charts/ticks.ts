/** 3 to 5 round ticks from zero: `[0, 200, 400, 600]`. The last one is at or above `max`. */
export function ticksFromZero(max: number, target = 4): number[] {
  if (!(max > 0) || !Number.isFinite(max)) return [0, 1]
  const step = roundStep(max / target)
  const steps = Math.max(1, Math.ceil(max / step - 1e-9))
  return Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12)))
}

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `raw`. */
function roundStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  for (const factor of [1, 2, 2.5, 5, 10]) {
    if (factor * power >= raw * 0.999) return factor * power
  }
  return 10 * power
}
