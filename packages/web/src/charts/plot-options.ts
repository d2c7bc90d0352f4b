import type uPlot from 'uplot'
import { preferences } from '../app/preferences.ts'
import { clock, clockSeconds, dayClock } from '../format/clock.ts'
import { withoutTrailingZeros } from '../format/duration.ts'
import type { Token } from '../theme/tokens.ts'
import type { Span } from '../time/range.ts'
import { drawBars } from './draw-bars.ts'
import { drawMarks, type Mark, markHeight } from './mark.ts'
import type { Series } from './series.ts'
import { ticksFromZero } from './ticks.ts'
import { timeTicks } from './time-ticks.ts'

const font = '11px "Inter Variable", system-ui, sans-serif'
const day = 86_400_000

export interface PlotSettings {
  series: readonly Series[]
  kind: 'lines' | 'bars'
  /** A value of the axis with its unit. */
  format: (value: number) => string
  token: Token
  /** Read at each draw, so that a moving range needs no new plot. */
  span: () => Span
  /** Charts with one key share the crosshair. */
  syncKey: string
  size: { width: number; height: number }
  /** Read at each draw; undefined where there is no room for any. */
  marks: (() => readonly Mark[]) | undefined
  hooks: uPlot.Hooks.Arrays
}

/** Options of a chart in the visual direction: horizontal grid only, from zero, 3 to 5 ticks, own formats. */
export function plotOptions(settings: PlotSettings): uPlot.Options {
  const { series, kind, format, token, span, syncKey, size, marks, hooks } = settings
  const colours = series.map((one) => token(one.colour))
  const draw = [
    (plot: uPlot) => kind === 'bars' && drawBars(plot, colours),
    (plot: uPlot) => marks && drawMarks(plot, marks(), token),
  ]
  return {
    ...size,
    ms: 1,
    padding: [marks ? markHeight : 8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: syncKey },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, width: 1.5, fill: (_, i) => colourOf(series[i - 1], token), stroke: () => token('s1') },
      ...(kind === 'bars' ? { points: { show: false } } : {}),
    },
    scales: {
      x: { range: () => [span().from, span().to] },
      y: { range: (_, __, max) => [0, ticksFromZero(max).at(-1)!] },
    },
    axes: [
      {
        stroke: token('t3'),
        font: font,
        size: 24,
        gap: 6,
        space: 72,
        grid: { show: false },
        ticks: { show: false },
        splits: (_, __, from, to, step) => timeTicks(from, to, step, preferences().zone),
        values: (_, splits, __, ___, step) => splits.map((ms) => timeLabel(ms, step)),
      },
      {
        stroke: token('t3'),
        font: font,
        gap: 6,
        size: (plot, labels) => labelWidth(plot, labels) + 18,
        grid: { stroke: token('b1'), width: 1 },
        ticks: { show: false },
        splits: (_, __, ___, max) => ticksFromZero(max),
        // Without data the scale means nothing, so only its lines are drawn.
        values: (plot, splits) =>
          splits.map((value) => (plot.data[0].length === 0 ? '' : withoutTrailingZeros(format(value)))),
      },
    ],
    series: [{}, ...series.map((one) => (kind === 'bars' ? barSeries(one, token) : lineSeries(one, token)))],
    hooks: { ...hooks, draw },
  }
}

function lineSeries(series: Series, token: Token): uPlot.Series {
  const stroke = colourOf(series, token)
  return {
    label: series.label,
    stroke,
    width: series.main ? 2 : 1.5,
    ...(series.fill ? { fill: `${stroke}1c` } : {}),
    points: { show: true, size: 4, fill: stroke, width: 0, filter: isolatedPoints },
  }
}

/** Bars are drawn by {@link drawBars}; uPlot only keeps their scale and cursor. */
function barSeries(series: Series, token: Token): uPlot.Series {
  return { label: series.label, fill: colourOf(series, token), width: 0, paths: () => null, points: { show: false } }
}

/** A value between two gaps makes no line; it is drawn as a dot so that it is seen at all. */
function isolatedPoints(plot: uPlot, index: number): number[] {
  const column = plot.data[index]!
  const alone: number[] = []
  for (let i = 0; i < column.length; i++) {
    if (column[i] != null && column[i - 1] == null && column[i + 1] == null) alone.push(i)
  }
  return alone
}

function colourOf(series: Series | undefined, token: Token): string {
  return series ? token(series.colour) : ''
}

function timeLabel(ms: number, step: number): string {
  if (step >= day) return dayClock(ms).split(',')[0]!
  return step < 60_000 ? clockSeconds(ms) : clock(ms)
}

function labelWidth(plot: uPlot, labels: string[] | null): number {
  const context = plot.ctx
  context.save()
  context.font = font
  const widths = (labels ?? []).map((label) => context.measureText(label).width)
  context.restore()
  return Math.ceil(Math.max(0, ...widths))
}
