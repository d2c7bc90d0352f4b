import type { Store } from '../store.ts'
import { copySamples } from './exporter.ts'
import type { Manifest } from './manifest.ts'
import { insertSamples, insertSeries, type SampleKind, sampleKinds } from './samples.ts'
import { bytesOnDisk, mergeTable } from './sizes.ts'

const minutes = 7 * 24 * 60
const piecesOfWeek = 7 * 4

/** Bytes a sample of each kind alone, a week of each: series and rows, once they are merged. The tables are empty before and after. */
export async function measureSamples(
  store: Store,
  week: Manifest['week'],
  samples: number,
  tell: (line: string) => void,
): Promise<Manifest['bytes']> {
  const series = Math.ceil(samples / minutes)
  const days = Array.from({ length: 8 }, (_, index) => week.from + index * 86_400)
  const sizes: Manifest['bytes'] = []
  for (const kind of Object.keys(sampleKinds) as SampleKind[]) {
    tell(`samples: ${kind}`)
    const theirs = `otel_metrics_${sampleKinds[kind].sum ? 'sum' : 'gauge'}`
    const ours = ['metric_samples', 'metric_series']
    const truncate = async () => {
      for (const table of [...ours.map((name) => `burstlet.${name}`), `otel.${theirs}`]) {
        await store.ask(`TRUNCATE TABLE ${table}`)
      }
    }
    await truncate()
    await store.ask(insertSeries(kind, series, days))
    for (let piece = 0; piece < piecesOfWeek; piece++) {
      const at = (index: number) => Math.floor((index * minutes) / piecesOfWeek)
      await store.ask(insertSamples(kind, series, week, { from: at(piece), to: at(piece + 1) }))
    }
    for (let piece = 0; piece < piecesOfWeek; piece++) {
      // A sample is received within two minutes.
      const at = (index: number) => week.from + Math.floor((index * (minutes + 2)) / piecesOfWeek) * 60
      await store.ask(copySamples(sampleKinds[kind].sum, { from: at(piece), to: at(piece + 1) }))
    }
    for (const table of ours) await mergeTable(store, `burstlet.${table}`, tell)
    await mergeTable(store, `otel.${theirs}`, tell)
    sizes.push({
      item: `sample: ${kind}`,
      ours: (await bytesOnDisk(store, 'burstlet', ours)) / (series * minutes),
      theirs: (await bytesOnDisk(store, 'otel', [theirs])) / (series * minutes),
    })
    await truncate()
  }
  return sizes
}
