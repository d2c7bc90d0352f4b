import { AnnouncedRows } from '../../../otlp/src/announced-rows.ts'
import { addRequest, beginBatch, encodeBatch } from '../../../otlp/src/decode.ts'
import { spanRequests } from '../payloads/spans.ts'
import { logRequests } from '../payloads/logs.ts'
import { pointRequests } from '../payloads/points.ts'
const sig = process.argv[2] ?? 'traces'
const pool = { traces: spanRequests, logs: logRequests, metrics: pointRequests }[sig as 'traces'](512)
const per = Number(process.argv[3] ?? 8)
const shared = process.argv[4] !== 'plain'
const bodies = Array.from({ length: 256 }, () => { const b = pool.next(); if (!shared) return new Uint8Array(b); const s = new Uint8Array(new SharedArrayBuffer(b.length)); s.set(b); return s })
const context = { space: 'default', announced: new AnnouncedRows() }
let items = 0
const run = (n: number) => {
  let at = 0
  for (let i = 0; i < n; i++) {
    beginBatch(context)
    for (let j = 0; j < per; j++) { addRequest(pool.signal, 'protobuf', bodies[at++ % 256]!, 1790000000000000000n); items += 512 }
    context.announced.confirm(encodeBatch().announces)
  }
}
run(Math.ceil(600 / per))
for (let k = 0; k < 3; k++) {
  items = 0
  const c = process.cpuUsage(); const w = performance.now()
  run(Math.ceil(1000 / per))
  const d = process.cpuUsage(c)
  console.log(sig, 'user', (d.user / items).toFixed(3), 'sys', (d.system / items).toFixed(3), 'µs/item; wall', (((performance.now() - w) * 1000) / items).toFixed(3))
}
