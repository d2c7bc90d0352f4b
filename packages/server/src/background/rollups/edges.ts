import { durationBucket } from './duration-buckets.ts'
import { arrivedSpans, minuteOfSpan, type Rollup, spansWithinSources, visibleSpans } from './rollup.ts'

// Span kinds, see the contract.
const server = 2
const client = 3
const producer = 4
const consumer = 5

/** First of some string attributes that is there and not empty. */
const firstOf = (...keys: string[]) => `coalesce(${keys.map((key) => `nullIf(attr_s['${key}'], '')`).join(', ')}, '')`

const messagingSystem = "attr_s['messaging.system']"
const destination = firstOf('messaging.destination.template', 'messaging.destination.name', 'messaging.destination')
const messagingOperation = firstOf('messaging.operation.type', 'messaging.operation')
const address = firstOf('server.address', 'net.peer.name', 'http.host', 'net.sock.peer.addr')

/** `kafka/orders`: what is asked and the part of it; the system alone where there is no part. */
const within = (system: string, part: string) => `if(${part} = '', ${system}, concat(${system}, '/', ${part}))`

const queueName = within(messagingSystem, destination)
const databaseName = `if(attr_s['peer.service'] != '', attr_s['peer.service'],
  ${within('db_system', `coalesce(nullIf(${firstOf('db.namespace', 'db.name')}, ''), ${address})`)})`
/** Without a port: the same peer is one node, whichever attribute named it. */
const peerName = `replaceRegexpOne(coalesce(nullIf(attr_s['peer.service'], ''), nullIf(${address}, ''),
  nullIf(domain(coalesce(url_full, attr_s['http.url'])), ''), nullIf(attr_s['rpc.system'], ''), ''), ':[0-9]+$', '')`

const measures = `toFloat64(adjusted_count) AS weight, status = 2 AS failed, greatest(duration, 0) AS duration_ns, ${durationBucket} AS bucket`

/** Spans of the windows that are counted, not only read. */
const spansWithinWindows = `space = {space:String}
  AND spans.start >= toDateTime64({from:Int64}, 9, 'UTC') AND spans.start < toDateTime64({to:Int64}, 9, 'UTC')`

const noParent = "toFixedString('', 8)"

/** What a producer or a consumer says goes over a queue, and not straight from service to service. */
const overQueue = `kind = ${consumer} AND ${messagingSystem} != ''`

/**
 * One row a request from one service to another: at the entry span of the one that is asked. Where client and server share
 * an id (as Zipkin has it), the server is what their children were called by.
 */
const betweenServices = `
SELECT minute, toString(caller) AS source, 'service' AS source_kind, toString(called) AS target, 'service' AS target_kind,
  weight, failed, duration_ns, bucket
FROM (
  SELECT trace_id, parent_id, ${minuteOfSpan} AS minute, service AS called, ${measures}
  FROM spans
  WHERE ${spansWithinWindows} AND kind IN (${server}, ${consumer}) AND parent_id != ${noParent} AND NOT (${overQueue})
) AS entry
INNER JOIN (
  SELECT trace_id, span_id, service AS caller
  FROM spans
  WHERE ${spansWithinSources} AND (trace_id, span_id) IN (
    SELECT trace_id, parent_id FROM spans
    WHERE ${spansWithinWindows} AND kind IN (${server}, ${consumer}) AND parent_id != ${noParent} AND NOT (${overQueue})
  )
  ORDER BY kind = ${server} DESC
  LIMIT 1 BY trace_id, span_id
) AS parent ON entry.trace_id = parent.trace_id AND entry.parent_id = parent.span_id
WHERE caller != called`

const toQueues = `
SELECT ${minuteOfSpan} AS minute, toString(service) AS source, 'service' AS source_kind, ${queueName} AS target, 'queue' AS target_kind, ${measures}
FROM spans
WHERE ${spansWithinWindows} AND ${messagingSystem} != '' AND (kind = ${producer}
  OR kind = ${client} AND ${messagingOperation} IN ('send', 'publish', 'create'))`

const fromQueues = `
SELECT ${minuteOfSpan} AS minute, ${queueName} AS source, 'queue' AS source_kind, toString(service) AS target, 'service' AS target_kind, ${measures}
FROM spans
WHERE ${spansWithinWindows} AND ${overQueue}`

const toDatabases = `
SELECT ${minuteOfSpan} AS minute, toString(service) AS source, 'service' AS source_kind, ${databaseName} AS target, 'database' AS target_kind, ${measures}
FROM spans
WHERE ${spansWithinWindows} AND kind = ${client} AND db_system != ''`

/** Calls that nobody of ours answered. An entry span under the same id (as Zipkin has it) is an answer too. */
const toOthers = `
SELECT ${minuteOfSpan} AS minute, toString(service) AS source, 'service' AS source_kind, ${peerName} AS target, 'external' AS target_kind, ${measures}
FROM spans
WHERE ${spansWithinWindows} AND kind = ${client} AND db_system = '' AND ${messagingSystem} = '' AND ${peerName} != ''
  AND (trace_id, span_id) NOT IN (
    SELECT trace_id, arrayJoin([parent_id, span_id]) FROM spans
    WHERE ${spansWithinSources} AND spans.start >= toDateTime64({from:Int64} - 60, 9, 'UTC')
      AND kind IN (${server}, ${consumer}) AND parent_id != ${noParent}
  )`

/** Select list of what an edge is measured by, over the rows of {@link requestsQuery}. */
const edgeMeasures = `sum(weight) AS count, sumIf(weight, failed) AS errors, sum(weight * intDiv(duration_ns, 1000)) AS duration_us,
  max(toUInt64(intDiv(duration_ns, 1000))) AS max_us, sumMap(map(bucket, weight)) AS histogram`

/** Edges by minute, from spans. Parameters as {@link Rollup.inserts} has them, but for the run. */
export const edgesQuery = `
SELECT toDateTime64(minute, 0, 'UTC') AS window_start, source, source_kind, target, target_kind, ${edgeMeasures}
FROM (${[betweenServices, toQueues, fromQueues, toDatabases, toOthers].join('\nUNION ALL\n')}
)
GROUP BY window_start, source, source_kind, target, target_kind`

/** The service map by minute: spans of two services, often of two blocks, joined once both have arrived. */
export const edgesRollup: Rollup = {
  name: 'edges_1m',
  windowSeconds: 60,
  settleSeconds: 10,
  lookbackSeconds: 3600,
  lookaheadSeconds: 120,
  arrivals: arrivedSpans,
  sourceDays: ({ traces }) => traces,
  keptDays: 30,
  tables: ['edges_1m'],
  inserts: [
    `INSERT INTO edges_1m (space, run, window_start, source, source_kind, target, target_kind, count, errors, duration_us, max_us, histogram)
SELECT {space:String}, {run:UInt64}, * FROM (${edgesQuery})`,
  ],
  visible: visibleSpans,
}
