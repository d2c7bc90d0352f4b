import type { TestEngine } from '../test-engine.ts'
import { Random } from './random.ts'
import { nsOfMs, receivedNow, time64 } from './times.ts'

/** A log record as a test thinks of it. */
export interface TestLog {
  id: number
  timeNs: bigint
  service: string
  severity: number
  body: string
  traceId: string
  spanId: string
  strings: Record<string, string>
  integers: Record<string, number>
  doubles: Record<string, number>
}

export async function insertLogs(engine: TestEngine, logs: readonly TestLog[]): Promise<void> {
  const services = [...new Set(logs.map(({ service }) => service))]
  await engine.insert(
    'resources',
    services.map((service, index) => ({
      space: 'default',
      received: receivedNow(),
      // Beyond those of the spans.
      hash: String(index + 1001),
      service,
      attr_s: { 'service.name': service, 'deployment.environment.name': service === 'video' ? 'prod' : 'test' },
    })),
  )
  await engine.insert(
    'logs',
    logs.map((log) => ({
      space: 'default',
      received: receivedNow(),
      service: log.service,
      time: time64(log.timeNs),
      observed: time64(log.timeNs),
      record_id: String(log.id),
      severity: log.severity,
      severity_text: '',
      trace_id: log.traceId,
      span_id: log.spanId,
      body: log.body,
      body_type: 1,
      res_hash: String(services.indexOf(log.service) + 1001),
      attr_s: log.strings,
      attr_i: Object.fromEntries(Object.entries(log.integers).map(([key, value]) => [key, String(value)])),
      attr_f: log.doubles,
    })),
  )
}

const phrases = [
  'Connection refused by upstream',
  'Upload finished',
  'connection reset, retrying',
  'Ärger mit Größe',
  'timeout after 30s',
]

/** Records in the 40 minutes before `end` (epoch ms); some share a time. */
export function randomLogs(count: number, end: number, seed = 11): TestLog[] {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, id) => ({
    id,
    timeNs: nsOfMs(end - 2_400_000 + random.whole(2400) * 1000),
    service: random.of(['gateway', 'video', 'worker']),
    severity: random.of([0, 1, 5, 9, 9, 9, 10, 13, 17, 17, 21, 24]),
    body: `${random.of(phrases)} for order ${random.whole(50)} [id=a${random.whole(20)}b]`,
    traceId: random.chance(0.4) ? `trace-${String(random.whole(20)).padStart(10, '0')}` : '',
    spanId: random.chance(0.3) ? `span-${String(random.whole(9)).padStart(3, '0')}` : '',
    strings: random.chance(0.5) ? { plan: random.of(['pro', 'free']) } : {},
    integers: id % 3 === 0 ? { tries: id % 5 } : {},
    // Below, at and above zero.
    doubles: id % 2 === 0 ? { balance: ((id * 37) % 600) / 8 - 30 } : {},
  }))
}
