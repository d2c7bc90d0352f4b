import { shapeTickets, traceShapes } from '../scenario/shapes.ts'
import { hashOf, literal, momentOf, type Piece, share, skewed, spanIdOf, traceIdOf, type Week } from './statements.ts'

const shapes = traceShapes()
const tickets = shapeTickets()

/** Of all traces: spans each, as the frequencies of the shapes have it. */
export const spansPerTrace = tickets.reduce((sum, shape) => sum + shapes[shape]!.length, 0) / tickets.length

/** Values of attributes that a search may ask for, and how many of each there are. */
export const tenants = 5000

/** The table of shapes, which the spans are joined from. */
export const shapeTable = `CREATE TABLE IF NOT EXISTS bench.shapes (shape UInt16, position UInt16, parent Int16, service String, kind UInt8,
  name String, method String, route String, database String, queue String, peer String, begins Float64, length Float64, failures UInt16)
ENGINE = Memory`

export function shapeRows(): string {
  const rows = shapes
    .flat()
    .map((span) =>
      [
        ...[span.shape, span.position, span.parent, span.service, span.kind, span.name, span.method, span.route],
        ...[span.database, span.queue, span.peer, span.begins, span.length, span.failures],
      ]
        .map(literal)
        .join(', '),
    )
  return `INSERT INTO bench.shapes VALUES ${rows.map((row) => `(${row})`).join(', ')}`
}

const attribute = (pairs: Record<string, string>) =>
  Object.entries(pairs)
    .map(([key, value]) => `'${key}', ${value}`)
    .join(', ')

const textsOf = {
  served: attribute({
    'http.request.method': 'method',
    'http.route': 'route',
    'url.path': "replaceOne(route, ':id', toString(target))",
    'client.address': "concat('10.', toString(caller % 200), '.', toString(intDiv(caller, 200) % 250), '.7')",
    'user_agent.original': "concat('Mozilla/5.0 (X11; Linux x86_64) shop/4.', toString(caller % 40))",
    'network.protocol.version': "'1.1'",
    'tenant.id': "concat('tenant-', toString(tenant))",
  }),
  consumed: attribute({
    'messaging.system': "'kafka'",
    'messaging.destination.name': 'queue',
    'messaging.operation.type': "if(kind = 4, 'send', 'process')",
    'messaging.message.id': 'hex(chance)',
    'tenant.id': "concat('tenant-', toString(tenant))",
  }),
  asked: attribute({
    'db.system.name': 'database',
    'db.namespace': 'service',
    'db.operation.name': "'SELECT'",
    'db.collection.name': 'substring(name, 8)',
    'db.query.text':
      "concat('SELECT * FROM ', substring(name, 8), ' WHERE tenant = ? AND id IN (?, ?) ORDER BY created LIMIT ', toString(chance % 5 * 20))",
    'server.address': 'peer',
  }),
  called: attribute({
    'http.request.method': 'method',
    'server.address': 'peer',
    'network.protocol.version': "'1.1'",
  }),
  inside: attribute({ 'code.function.name': 'name', 'order.id': "concat('ord-', toString(target))" }),
}

const stacktrace = (failure: string) =>
  `concat('${failure}: no answer from ', peer, '\\\\n    at Client.request (/app/node_modules/client/index.js:', toString(80 + shape), ':11)\\\\n    at ', service, ' (/app/src/', name, '.js:', toString(10 + position), ':5)')`

/** Spans of some traces, as the decoder would have written them. @param piece in traces */
export function insertSpans(piece: Piece, week: Week): string {
  return `
INSERT INTO burstlet.spans (space, received, service, start, duration, trace_id, span_id, parent_id, trace_state, flags, name, kind, status,
  status_message, error_group, res_hash, scope_hash, http_method, http_route, http_status, db_system, url_full, user_id, session_id,
  attr_s, attr_i, attr_f, attr_b, \`events.time\`, \`events.name\`, \`events.attributes\`, \`events.dropped_attributes\`)
WITH
  ${hashOf('trace', 'position')} AS chance,
  chance % 1000 < failures AS failed,
  multiIf(route != '', if(failed, 500, [200, 200, 200, 201, 404][chance % 5 + 1]), method != '', if(failed, 503, 200), 0) AS code,
  kind = 2 OR kind = 5 AS entry,
  moment + toInt64(begins * whole) AS start_ns,
  chance % 20 = 3 AS looked_up
SELECT 'default', toDateTime(intDiv(start_ns, 1000000000) + 2), service, fromUnixTimestamp64Nano(start_ns), toInt64(length * whole),
  trace_id, ${spanIdOf('trace', 'position')}, if(parent < 0, toFixedString('', 8), ${spanIdOf('trace', 'parent')}), '', 257, name, kind,
  if(failed, 2, 0), if(failed, concat('no answer from ', if(peer = '', service, peer)), ''),
  if(failed, ${hashOf('service', 'name', "'error'")}, 0), ${hashOf('service', 'trace % 2', "'resource'")}, ${hashOf("'scope'", 'kind')},
  method, route, code, database,
  if(kind = 3 AND method != '', concat('http://', peer, '/', lower(hex(chance)), '?page=', toString(chance % 9)), NULL),
  if(entry, concat('user-', toString(caller)), NULL), if(entry, hex(${hashOf('caller', 'intDiv(trace, 50000)')}), NULL),
  multiIf(route != '', map(${textsOf.served}), queue != '', map(${textsOf.consumed}), database != '', map(${textsOf.asked}),
    method != '', map(${textsOf.called}), map(${textsOf.inside})),
  CAST(multiIf(route != '', map('http.response.status_code', toInt64(code), 'http.response.body.size', toInt64(chance % 100000)),
    database != '', map('server.port', toInt64(5432), 'db.response.returned_rows', toInt64(chance % 50)),
    method != '', map('http.response.status_code', toInt64(code), 'server.port', toInt64(8080)),
    map('thread.id', toInt64(chance % 16))), 'Map(LowCardinality(String), Int64)'),
  CAST(if(kind = 5, map('queue.wait', toFloat64(chance % 1000) / 8), map()), 'Map(LowCardinality(String), Float64)'),
  CAST(if(route != '', map('cache.hit', chance % 2 = 1), map()), 'Map(LowCardinality(String), Bool)'),
  multiIf(failed, [fromUnixTimestamp64Nano(start_ns + 1000000)], looked_up, [fromUnixTimestamp64Nano(start_ns + 40000)], []),
  multiIf(failed, ['exception'], looked_up, ['cache.lookup'], []),
  multiIf(failed, [concat('{"exception.type":"TimeoutError","exception.message":"no answer from ', peer, '","exception.stacktrace":"',
      ${stacktrace('TimeoutError')}, '"}')], looked_up, [concat('{"cache.key":"', hex(chance), '"}')], []),
  if(failed OR looked_up, [0], [])
FROM (
  SELECT trace, ${literal(tickets)}[${hashOf('trace', "'shape'")} % ${tickets.length} + 1] AS shape, ${traceIdOf('trace')} AS trace_id,
    ${momentOf('trace', piece.of, week)} AS moment,
    toInt64((20000000 + shape * 3000000) * exp(0.6 * sqrt(-2 * log(0.000001 + 0.999 * ${share('trace', "'a'")})) * cos(6.2832 * ${share('trace', "'b'")}))) AS whole,
    ${skewed(200_000, 'trace', "'caller'")} AS caller, ${skewed(tenants, 'trace', "'tenant'")} AS tenant,
    ${hashOf('trace', "'target'")} % 50000000 AS target
  FROM (SELECT number AS trace FROM numbers(${piece.first}, ${piece.count}))
) AS traces
INNER JOIN (SELECT * FROM bench.shapes) AS spans_of USING shape`
}
