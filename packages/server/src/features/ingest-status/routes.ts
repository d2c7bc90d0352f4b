import { deadLetterDone, deadLetterParams, ingestResponse, refusedSegments } from '@burstlet/contract/ingest'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { Receiver } from '../../ingest/receiver.ts'
import { spaceOf } from '../../querying/context/request-context.ts'
import type { BrokenParts } from '../../storage/clickhouse/broken-parts.ts'
import type { DiskSpace } from '../../storage/disk-space/disk-space.ts'

/** How it is with what the data lies on. */
export interface StorageStatus {
  readonly disks: Pick<DiskSpace, 'disks'>
  readonly brokenParts: Pick<BrokenParts, 'list'>
}

export interface IngestStatusOptions {
  /** What is asked; absent where nothing is received. */
  readonly receiver?: Pick<Receiver, 'counters' | 'spool'>
  readonly storage?: StorageStatus
}

const copy = <Item>(items: readonly Item[]) => [...items]
const tags = ['ingest']
const iso = (milliseconds: number) => new Date(milliseconds).toISOString()

/** What came in, what waits for ClickHouse, and what ClickHouse refused. */
export async function ingestStatusRoutes(
  instance: FastifyInstance,
  { receiver, storage }: IngestStatusOptions,
): Promise<void> {
  const app = zodRoutes(instance)
  const asked = () => {
    if (!receiver || !storage) throw new ApiError('UNAVAILABLE', 'This process receives nothing.')
    return { ...storage, counters: receiver.counters, spool: receiver.spool }
  }
  const notFound = (id: string) => new ApiError('NOT_FOUND', `There is no refused segment ${id}.`)

  app.get(
    '/ingest',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getIngest',
        tags,
        summary: 'What came in, what waits for ClickHouse, and how inserts go',
        response: { 200: ingestResponse },
      },
    },
    async (request) => {
      const space = spaceOf(request)
      const { counters, spool, disks, brokenParts } = asked()
      const { since, minutes, ...counts } = counters.snapshot(space)
      const { depth, inserts, ...state } = spool.status()
      return {
        timestamp: iso(Date.now()),
        since: iso(since),
        ...counts,
        minutes: minutes.map(({ start, ...minute }) => ({ timestamp: iso(start), ...minute })),
        spool: { ...state, ...depth },
        inserts,
        refusedSegments: (await spool.refused.list(space)).length,
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
      config: { scope: 'read' },
      schema: {
        operationId: 'listRefusedSegments',
        tags,
        summary: 'Rows that ClickHouse did not take, oldest first',
        response: { 200: refusedSegments },
      },
    },
    async (request) => {
      const segments = await asked().spool.refused.list(spaceOf(request))
      return {
        items: segments.map(({ id, table, rows, bytes, refusedAt, error }) => {
          return { id, table, rows, bytes, refusedAt: iso(refusedAt), error }
        }),
      }
    },
  )

  app.post(
    '/ingest/refused/:id/retry',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'retryRefusedSegment',
        tags,
        summary: 'Send refused rows once more',
        description: 'Answers 409 with what ClickHouse said when it refuses them again; they are kept then.',
        params: deadLetterParams,
        response: { 200: deadLetterDone },
      },
    },
    async (request) => {
      const { id } = request.params
      const outcome = await asked().spool.retryRefused(id, spaceOf(request))
      if (outcome === 'unknown') throw notFound(id)
      if (outcome !== 'inserted') throw new ApiError('CONFLICT', outcome.error)
      return { id }
    },
  )

  app.delete(
    '/ingest/refused/:id',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'dropRefusedSegment',
        tags,
        summary: 'Give refused rows up for good',
        description: 'Answers 409 when rows of other spaces are among them: they are not yours to give up.',
        params: deadLetterParams,
        response: { 200: deadLetterDone },
      },
    },
    async (request) => {
      const { id } = request.params
      const outcome = await asked().spool.dropRefused(id, spaceOf(request))
      if (outcome === 'unknown') throw notFound(id)
      if (outcome === 'shared') throw new ApiError('CONFLICT', `Segment ${id} has rows of other spaces, too.`)
      return { id }
    },
  )
}
