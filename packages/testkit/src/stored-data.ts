import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Capture, captures, capturesFolder } from './captures.ts'

/** Data folders that released versions wrote, a `VERSION.tar.gz` each. */
export const storedDataFolder = join(import.meta.dirname, '../../server/test/stored-data')

/** Retention under which old fixtures are still there when a test reads them. */
export const keptForTests = {
  MONITORING_RETENTION_TRACES_DAYS: '3650',
  MONITORING_RETENTION_LOGS_DAYS: '3650',
  MONITORING_RETENTION_METRICS_DAYS: '3650',
}

/** What stands in each of them: all three signals, and every kind of metric but the summary, from three clients. */
export function storedCaptures(): Capture[] {
  const files = new Set([
    'node/001.traces.http-protobuf.bin',
    'node/002.logs.http-protobuf.bin',
    'node/003.metrics.http-protobuf.bin',
    'go-sdk/005.metrics.http-protobuf.bin',
    'python/001.traces.http-protobuf.bin',
  ])
  return captures().filter((capture) => files.has(capture.file))
}

/** Sends a capture as its client did. @throws Error unless it is taken in full */
export async function postCapture(otlpHttp: string, capture: Capture): Promise<void> {
  const response = await fetch(`${otlpHttp}/v1/${capture.signal}`, {
    method: 'POST',
    headers: { 'content-type': capture.contentType },
    body: readFileSync(join(capturesFolder, capture.file)),
  })
  const body = await response.text()
  if (response.status !== 200 || body !== '') throw new Error(`${capture.file}: ${response.status} ${body}`)
}
