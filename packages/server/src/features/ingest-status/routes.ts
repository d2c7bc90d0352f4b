import { deadLetterDone, deadLetterParams, ingestResponse, refusedSegments } from '@burstlet/contract/ingest'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { Receiver } from '../../ingest/receiver.ts'
import type { DeadLetterAction, DeadLetterOrders } from '../../ingest/reports/orders.ts'
import type { IngestReports, ReportedProcess } from '../../ingest/reports/reports.ts'
import { spaceOf } from '../../querying/context/request-context.ts'
import type { BrokenParts } from '../../storage/clickhouse/broken-parts.ts'
import type { DiskSpace } from '../../storage/disk-space/disk-space.ts'
import { deadLettersOf, orderDeadLetter } from './dead-letters.ts'
import { seenBy } from './seen-by.ts'
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
  /** By which others do what this process cannot do to their spools. */
  readonly orders?: DeadLetterOrders
  readonly storage?: StorageStatus
}

const copy = <Item>(items: readonly Item[]) => [...items]
const tags = ['ingest']

/** What came in, what waits for ClickHouse, and what ClickHouse refused. */
export async function ingestStatusRoutes(
  instance: FastifyInstance,
  { receiver, reports, orders, storage }: IngestStatusOptions,
): Promise<void> {
  const app = zodRoutes(instance)
  const asked = () => {
    if (!receiver || !reports || !orders || !storage) throw new ApiError('UNAVAILABLE', 'This process stores nothing.')
    return { ...storage, reports, orders, spool: receiver.spool }
  }
  const ownReport = async (): Promise<ReportedProcess> => {
    const { reports: told } = asked()
    return { id: told.id, ageSeconds: 0, stale: false, report: await told.own() }
  }
  const allReports = async (request: FastifyRequest) => {
    const space = spaceOf(request)
    const others = await otherReports(request)
    return { own: seenBy(space, await ownReport()), others: others?.map((each) => seenBy(space, each)) }
  }
  /** Undefined when they cannot be read; what this process has is told all the same. */
  const otherReports = ({ log }: FastifyRequest) =>
    asked()
      .reports.others()
      .catch((err: unknown) => {
        log.warn({ err }, 'what other processes report cannot be read')
        return undefined
      })
  const order = async (request: FastifyRequest, id: string, action: DeadLetterAction) => {
    const { spool, reports: told, orders: through } = asked()
    const access = {
      space: spaceOf(request),
      spool,
      own: told.id,
      others: () => otherReports(request),
      orders: through,
    }
    await orderDeadLetter(access, id, action)
    return { id }
  }

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
      const { disks, brokenParts } = asked()
      const { own, others } = await allReports(request)
      return {
        timestamp: new Date().toISOString(),
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
      config: { scope: 'read' },
      schema: {
        operationId: 'listRefusedSegments',
        tags,
        summary: 'Rows that ClickHouse did not take, oldest first',
        response: { 200: refusedSegments },
      },
    },
    async (request) => {
      const { own, others } = await allReports(request)
      return { items: deadLettersOf([own, ...(others ?? [])]) }
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
    async (request) => order(request, request.params.id, 'retry'),
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
    async (request) => order(request, request.params.id, 'drop'),
  )
}
