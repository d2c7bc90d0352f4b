import type { Receiver } from '../../ingest/receiver.ts'
import type { Clickhouse } from '../../storage/clickhouse/clickhouse.ts'
import type { DiskSpace } from '../../storage/disk-space/disk-space.ts'
import { HealthProblem } from './routes.ts'

/** Questions are still answered while a disk is short of space, so that is no reason to take the server out of service. */
export function probeIngest({ spool }: Pick<Receiver, 'spool'>, disks: Pick<DiskSpace, 'shortage'>): null {
  if (disks.shortage !== undefined) throw new HealthProblem('degraded', disks.shortage)
  if (spool.refusal !== undefined) throw new HealthProblem('unhealthy', spool.refusal)
  return null
}

/** @returns milliseconds of a round trip */
export async function probeClickhouse({
  ping,
  failedWrite,
  brokenParts,
}: Pick<Clickhouse, 'ping' | 'failedWrite' | 'brokenParts'>): Promise<number | 'degraded'> {
  let latency: number | 'degraded'
  try {
    latency = await ping()
  } catch (error) {
    const reason = failedWrite()
    if (reason === undefined) throw error
    throw new HealthProblem('unhealthy', `The embedded engine ended since ${reason}; it is started again.`)
  }
  const parts = await brokenParts.list()
  if (parts.length === 0) return latency
  const tables = [...new Set(parts.map(({ table }) => table))]
  throw new HealthProblem(
    'degraded',
    `ClickHouse put ${parts.length} damaged parts of ${tables.join(', ')} aside; their rows are missing from answers. ` +
      'GET /ingest names them; this ends when they are attached again or removed from the folder `detached` of their table.',
  )
}
