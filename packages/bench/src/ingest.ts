// `npm run bench -- ingest`: what receiving costs, per signal, beside the OpenTelemetry Collector on the same machine and payloads.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { buildCollector } from './collector/build-collector.ts'
import { type Measured, measure } from './measure.ts'
import { pointKinds } from './payloads/points.ts'
import { markdownOf, rowsOf, type Series } from './report.ts'
import { startBurstlet } from './subjects/burstlet.ts'
import { startCollector } from './subjects/collector.ts'
import type { Subject } from './subjects/subject.ts'

const signals = { spans: 'traces', logs: 'logs', points: 'metrics' } as const
const list = (names: readonly string[]) =>
  z.string().transform((text, context) => {
    const given = text.split(',')
    const unknown = given.filter((name) => !names.includes(name))
    if (unknown.length > 0) context.addIssue(`${unknown.join(', ')}: there are ${names.join(', ')}`)
    return given
  })
const subjectNames = ['burstlet', 'collector-sink', 'collector-engine']
/** Prints the table of `docs/performance.md`. */
export async function ingest(args: string[]): Promise<void> {
  const options = z
    .object({
      count: z.coerce.number().int().positive(),
      items: z.coerce.number().int().positive(),
      connections: z.coerce.number().int().positive(),
      rounds: z.coerce.number().int().positive(),
      signals: list(Object.keys(signals)),
      only: list(subjectNames),
      gzip: z.boolean(),
      json: z.string().optional(),
      markdown: z.string().optional(),
    })
    .parse(
      parseArgs({
        args,
        options: {
          count: { type: 'string', default: '500000' },
          items: { type: 'string', default: '512' },
          connections: { type: 'string', default: '8' },
          rounds: { type: 'string', default: '3' },
          signals: { type: 'string', default: Object.keys(signals).join() },
          only: { type: 'string', default: subjectNames.join() },
          gzip: { type: 'boolean', default: false },
          json: { type: 'string' },
          markdown: { type: 'string' },
        },
      }).values,
    )

  const status = (text: string) => process.stderr.write(`▸ ${text}\n`)
  const collector = options.only.some((name) => name.startsWith('collector')) ? await buildCollector(status) : undefined
  const starts: Record<string, () => Promise<Subject>> = {
    burstlet: startBurstlet,
    ...(collector && {
      'collector-sink': () => startCollector(collector, 'sink'),
      'collector-engine': () => startCollector(collector, 'engine'),
    }),
  }
  const { connections, gzip, rounds } = options
  process.stdout.write(
    `Ingest over OTLP/HTTP, protobuf, ${gzip ? 'gzip' : 'plain'}: ${options.count} items in requests of ${options.items}, ${connections} connections, median of ${rounds} interleaved rounds\n\n`,
  )
  const series: Series[] = []
  for (const signal of options.signals as (keyof typeof signals)[]) {
    // Points are of three kinds in equal parts.
    const items = signal === 'points' ? options.items - (options.items % pointKinds.length) : options.items
    const requests = Math.ceil(options.count / items)
    const subjects = Object.entries(starts).filter(([name]) => options.only.includes(name))
    const measured = new Map<string, Measured[]>(subjects.map(([name]) => [name, []]))
    // Interleaved, so that a noisy minute does not fall on one subject alone.
    for (let round = 1; round <= rounds; round++) {
      for (const [subject, start] of subjects) {
        status(`${signal}, round ${round} of ${rounds}: ${subject}`)
        const result = await measure(start, { signal: signals[signal], items, requests, connections, gzip })
        measured.get(subject)?.push(result)
        status(
          `${Math.round(result.itemsPerSecond)} items/s, ${result.cpuPerMillion['all']?.toFixed(2)} CPU-s/M in all`,
        )
      }
    }
    for (const [subject, results] of measured) series.push({ signal, subject, rounds: results })
  }
  const rows = rowsOf(series)
  console.table(rows)
  process.stdout.write(
    'CPU is user and system time per million acknowledged items, until all is stored and merges are quiet.\n',
  )
  if (options.json) writeFileSync(options.json, `${JSON.stringify({ options, series }, null, 2)}\n`)
  if (options.markdown) writeFileSync(options.markdown, markdownOf(rows))
}
