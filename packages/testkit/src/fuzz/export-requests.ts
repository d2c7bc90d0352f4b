import fc, { type Arbitrary } from 'fast-check'
import type { Signal } from '../captures.ts'
import { anyValue, attributes, id, message, text, time, uint32 } from './any-values.ts'
import { metric } from './metrics.ts'

/** An Export request as protobufjs takes it. */
export type ExportRequest = Record<string, unknown>

/** An enum: its own values, one from a newer version, and such as no column holds. */
function enumeration(count: number): Arbitrary<number> {
  return fc.oneof(
    { weight: 10, arbitrary: fc.nat(count - 1) },
    { weight: 1, arbitrary: fc.constantFrom(count, 99, 255, 256, 2_147_483_647, -1) },
  )
}

const traceState = fc.oneof(text, fc.constantFrom('ot=th:c', 'ot=p:8;r:62', 'vendor=x,ot=th:0', 'ot=th:zz', ','))

const event = message({
  timeUnixNano: time(1),
  name: fc.oneof(fc.constant('exception'), text),
  attributes,
  droppedAttributesCount: uint32,
})
const link = message({
  traceId: id(16, 10),
  spanId: id(8, 10),
  traceState,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
})
const span = fc
  .tuple(
    fc.record({ traceId: id(16, 2), spanId: id(8, 2) }),
    message({
      traceState,
      parentSpanId: id(8, 20),
      flags: uint32,
      name: text,
      kind: enumeration(6),
      startTimeUnixNano: time(1),
      endTimeUnixNano: time(1),
      attributes,
      droppedAttributesCount: uint32,
      events: fc.array(event, { maxLength: 3 }),
      droppedEventsCount: uint32,
      links: fc.array(link, { maxLength: 3 }),
      droppedLinksCount: uint32,
      status: message({ message: text, code: enumeration(3) }),
    }),
  )
  .map(([ids, fields]) => ({ ...ids, ...fields }))

const logRecord = message({
  timeUnixNano: time(1),
  observedTimeUnixNano: time(1),
  severityNumber: enumeration(25),
  severityText: text,
  body: anyValue,
  attributes,
  droppedAttributesCount: uint32,
  flags: uint32,
  traceId: id(16, 20),
  spanId: id(8, 20),
  eventName: text,
})

const entityRef = message({
  schemaUrl: text,
  type: text,
  idKeys: fc.array(text, { maxLength: 2 }),
  descriptionKeys: fc.array(text, { maxLength: 2 }),
})
const resource = message({
  attributes,
  droppedAttributesCount: uint32,
  entityRefs: fc.array(entityRef, { maxLength: 2 }),
})
const scope = message({ name: text, version: text, attributes, droppedAttributesCount: uint32 })

function request(groups: string, scopes: string, items: string, item: Arbitrary<unknown>): Arbitrary<ExportRequest> {
  const scoped = message({ scope, [items]: fc.array(item, { maxLength: 5 }), schemaUrl: text })
  const group = message({ resource, [scopes]: fc.array(scoped, { maxLength: 3 }), schemaUrl: text })
  return message({ [groups]: fc.array(group, { maxLength: 3 }) }) as Arbitrary<ExportRequest>
}

/** Valid Export requests with every field of the definitions, and items that are to be rejected among them. */
export const exportRequests: Readonly<Record<Signal, Arbitrary<ExportRequest>>> = {
  traces: request('resourceSpans', 'scopeSpans', 'spans', span),
  logs: request('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  metrics: request('resourceMetrics', 'scopeMetrics', 'metrics', metric),
}
