import { deadLetterDone, deadLetterParams, ingestResponse, refusedSegments } from '@burstlet/contract/ingest'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { Receiver } from '../../ingest/receiver.ts'
import type { IngestReports, ReportedProcess } from '../../ingest/reports/reports.ts'
import type { BrokenParts } from '../../storage/clickhouse/broken-parts.ts'
import type { DiskSpace } from '../../storage/disk-space/disk-space.ts'
import { summarize } from './summary.ts'

/** How it is with what the data lies on. */
export interface StorageStatus {
  readonly disks: Pick<DiskSpace, 'disks'>
  readonly brokenParts: Pick<BrokenParts, 'list'>
}

export interface IngestStatusOptions {
  /** What this process stores with; absent where the API only describes itself. */
  readonly receiver?: Pick<Receiver, 'spool'>
  /** What this process and the others say of themselves. */
  readonly reports?: Pick<IngestReports, 'id' | 'own' | 'others'>
  readonly storage?: StorageStatus
}

const copy = <Item>(items: readonly Item[]) => [...items]
const tags = ['ingest']
const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** What came in, what waits for ClickHouse, and what ClickHouse refused. */
export async function ingestStatusRoutes(
  instance: FastifyInstance,
  { receiver, reports, storage }: IngestStatusOptions,
): Promise<void> {
  const app = zodRoutes(instance)
  const asked = () => {
    if (!receiver || !reports || !storage) throw new ApiError('UNAVAILABLE', 'This process stores nothing.')
    return { ...storage, reports, spool: receiver.spool }
  }
  const notFound = (id: string) => new ApiError('NOT_FOUND', `There is no refused segment ${id}.`)

  app.get(
    '/ingest',
    {
      schema: {
        operationId: 'getIngest',
        tags,
        summary: 'What came in, what waits for ClickHouse, and how inserts go',
        response: { 200: ingestResponse },
      },
    },
    async ({ log }) => {
      const { reports: told, disks, brokenParts } = asked()
      const own: ReportedProcess = { id: told.id, ageSeconds: 0, stale: false, report: await told.own() }
      const others = await told.others().catch((err: unknown) => {
        log.warn({ err }, 'what other processes report cannot be read')
        return undefined
      })
      return {
        timestamp: iso(Date.now()),
        ...summarize(own, others),
        storage: {
          disks: disks.disks.map((disk) => ({ ...disk, holds: copy(disk.holds) })),
          brokenParts: await brokenParts.list().then(copy, () => null),
        },
      }
    },
  )

  app.get(
    '/ingest/refused',
    {
      schema: {
        operationId: 'listRefusedSegments',
        tags,
        summary: 'Rows that ClickHouse did not take, oldest first',
        response: { 200: refusedSegments },
      },
    },
    async () => {
      const segments = await asked().spool.refused.list()
      return { items: segments.map(({ refusedAt, ...segment }) => ({ ...segment, refusedAt: iso(refusedAt) })) }
    },
  )

  app.post(
    '/ingest/refused/:id/retry',
    {
      schema: {
        operationId: 'retryRefusedSegment',
        tags,
        summary: 'Send refused rows once more',
        description: 'Answers 409 with what ClickHouse said when it refuses them again; they are kept then.',
        params: deadLetterParams,
        response: { 200: deadLetterDone },
      },
    },
    async ({ params: { id } }) => {
      const outcome = await asked().spool.retryRefused(id)
      if (outcome === 'unknown') throw notFound(id)
      if (outcome !== 'inserted') throw new ApiError('CONFLICT', outcome.error)
      return { id }
    },
  )

  app.delete(
    '/ingest/refused/:id',
    {
      schema: {
        operationId: 'dropRefusedSegment',
        tags,
        summary: 'Give refused rows up for good',
        params: deadLetterParams,
        response: { 200: deadLetterDone },
      },
    },
    async ({ params: { id } }) => {
      if (!(await asked().spool.dropRefused(id))) throw notFound(id)
      return { id }
    },
  )
}
