import { clock, clockSeconds, dayClock } from '../format/clock.ts'
import { durationText, withoutTrailingZeros } from '../format/duration.ts'
import type { Token } from '../theme/tokens.ts'
import type { Span } from '../time/range.ts'
import { type Box, type ScatterScale, timeTicks } from './scatter-scale.ts'

interface Drawing {
  width: number
  height: number
  box: Box
  scale: ScatterScale
  points: readonly { x: number; y: number; failed: boolean }[]
  span: Span
  token: Token
}

/** Draws gridlines, labels and dots; failed traces last and as crosses, so that they are told apart without colour. */
export function drawScatter(
  canvas: HTMLCanvasElement,
  { width, height, box, scale, points, span, token }: Drawing,
): void {
  const ratio = devicePixelRatio || 1
  canvas.width = width * ratio
  canvas.height = height * ratio
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(ratio, ratio)
  context.font = '11px "Inter Variable", system-ui, sans-serif'
  context.fillStyle = token('t3')
  context.strokeStyle = token('b1')
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  for (const tick of scale.ticks) {
    const y = Math.round(scale.y(tick)) + 0.5
    context.beginPath()
    context.moveTo(box.left, y)
    context.lineTo(box.left + box.width, y)
    context.stroke()
    context.fillText(withoutTrailingZeros(durationText(tick)), box.left - 8, y)
  }
  context.textAlign = 'center'
  const length = span.to - span.from
  const label = length > 2 * 86_400_000 ? dayClock : length < 180_000 ? clockSeconds : clock
  for (const tick of timeTicks(span, Math.max(2, box.width / 100)))
    context.fillText(label(tick), scale.x(tick), height - 9)

  context.globalAlpha = 0.75
  context.fillStyle = token('series-1')
  for (const { x, y, failed } of points) if (!failed) context.fillRect(x - 1.5, y - 1.5, 3, 3)
  context.globalAlpha = 1
  context.strokeStyle = token('bar-error')
  context.lineWidth = 1.5
  context.beginPath()
  for (const { x, y, failed } of points) {
    if (!failed) continue
    context.moveTo(x - 2.5, y - 2.5)
    context.lineTo(x + 2.5, y + 2.5)
    context.moveTo(x + 2.5, y - 2.5)
    context.lineTo(x - 2.5, y + 2.5)
  }
  context.stroke()
}
