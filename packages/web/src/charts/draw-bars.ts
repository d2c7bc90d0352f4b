import type uPlot from 'uplot'

/**
 * Draws stacked bars on whole pixels: uPlot's own bars lie over each other, and their smoothed edges would show the
 * colours behind. A bar stands on the time at which its bucket begins; what is not zero is at least one pixel high.
 * @param colours one a series, lowest first; the plot's columns are the running sums
 */
export function drawBars(plot: uPlot, colours: readonly string[]): void {
  const { ctx: context, bbox, data } = plot
  const times = data[0]
  if (times.length === 0) return
  const pixel = devicePixelRatio || 1
  const step = bucketOf(times)
  const y = (value: number) => Math.round(plot.valToPos(value, 'y', true))
  context.save()
  context.beginPath()
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  context.clip()
  for (let i = 0; i < times.length; i++) {
    const left = Math.round(plot.valToPos(times[i]!, 'x', true))
    const right = Math.round(plot.valToPos(times[i]! + step, 'x', true))
    const width = Math.max(pixel, right - left - (right - left > 3 * pixel ? pixel : 0))
    let below = 0
    let bottom = y(0)
    for (let series = 1; series < data.length; series++) {
      const sum = data[series]![i] ?? below
      if (sum > below) {
        const top = Math.min(y(sum), bottom - pixel)
        context.fillStyle = colours[series - 1]!
        context.fillRect(left, top, width, bottom - top)
        bottom = top
      }
      below = sum
    }
  }
  context.restore()
}

/** The smallest distance between two times: the length of a bucket; a minute when there is one time only. */
function bucketOf(times: ArrayLike<number>): number {
  let step = Number.POSITIVE_INFINITY
  for (let i = 1; i < times.length; i++) step = Math.min(step, times[i]! - times[i - 1]!)
  return Number.isFinite(step) ? step : 60_000
}
