import type uPlot from 'uplot'
import type { Token } from '../theme/tokens.ts'

/** A moment that is marked on a chart. */
export interface Mark {
  at: number
  label: string
}

/** Room for the labels, above the plot; px. */
export const markHeight = 16

const font = '11px "Inter Variable", system-ui, sans-serif'
const longest = 28
const gap = 8

/**
 * Draws marks as dotted lines with their label on top. A label that would lie over the one before it is left out; the tip has
 * it.
 * @param marks in the order of their times
 */
export function drawMarks(plot: uPlot, marks: readonly Mark[], token: Token): void {
  const { ctx: context, bbox } = plot
  const pixel = devicePixelRatio || 1
  const right = bbox.left + bbox.width
  let free = bbox.left
  context.save()
  context.font = font.replace('11px', `${11 * pixel}px`)
  context.textAlign = 'left'
  context.textBaseline = 'bottom'
  context.lineWidth = pixel
  context.setLineDash([2 * pixel, 3 * pixel])
  for (const { at, label } of marks) {
    const x = Math.round(plot.valToPos(at, 'x', true)) + pixel / 2
    if (x < bbox.left || x > right) continue
    context.strokeStyle = token('t2')
    context.beginPath()
    context.moveTo(x, bbox.top)
    context.lineTo(x, bbox.top + bbox.height)
    context.stroke()
    const text = label.length > longest ? `${label.slice(0, longest - 1)}…` : label
    const width = context.measureText(text).width
    // At the right edge of the chart a label reaches over its line to the left.
    const left = Math.max(bbox.left, Math.min(x - pixel, right - width))
    if (left < free) continue
    context.fillStyle = token('t2')
    context.fillText(text, left, bbox.top - 3 * pixel)
    free = left + width + gap * pixel
  }
  context.restore()
}

/** Marks that belong to a point of the series: those of its bucket. */
export function marksAt(marks: readonly Mark[], times: readonly number[], index: number): Mark[] {
  const time = times[index]
  if (time === undefined) return []
  const step = (times[index + 1] ?? time) - time || time - (times[index - 1] ?? time - 60_000)
  return marks.filter(({ at }) => at >= time - step / 2 && at < time + step / 2 + 1)
}
