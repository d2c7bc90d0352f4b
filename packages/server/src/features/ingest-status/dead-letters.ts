import type { DeadLetters } from '@burstlet/contract/ingest'
import { ApiError } from '../../http/errors/api-error.ts'
import {
  actOnDeadLetter,
  type DeadLetterAction,
  type DeadLetterOrders,
  type DeadLetterOutcome,
} from '../../ingest/reports/orders.ts'
import type { ReportedProcess } from '../../ingest/reports/reports.ts'
import type { Spool } from '../../ingest/spool/spool.ts'
import type { SeenProcess } from './seen-by.ts'

/** Between the id of a process and that of a segment in its spool. */
const separator = '.'

/** Refused rows of all processes, oldest first. An id says which process has them. */
export function deadLettersOf(processes: readonly SeenProcess[]): DeadLetters['items'] {
  return processes
    .flatMap(({ id, report }) => report.deadLetters.map((each) => ({ ...each, id: `${id}${separator}${each.id}` })))
    .toSorted((a, b) => (a.refusedAt < b.refusedAt ? -1 : 1))
}

export interface DeadLetterAccess {
  /** Of whoever asks. */
  readonly space: string
  readonly spool: Spool
  /** Id of this process. */
  readonly own: string
  /** Undefined when what the others report cannot be read. */
  readonly others: () => Promise<readonly ReportedProcess[] | undefined>
  readonly orders: DeadLetterOrders
}

/**
 * Does that to refused rows, in this process or in the one that has them.
 * @param id as it was listed; of a segment of this process also without the process
 * @throws ApiError NOT_FOUND, CONFLICT when ClickHouse refused them again, UNAVAILABLE when it could not be done now
 */
export async function orderDeadLetter(access: DeadLetterAccess, id: string, action: DeadLetterAction): Promise<void> {
  const at = id.indexOf(separator)
  const process = at < 0 ? access.own : id.slice(0, at)
  const segment = id.slice(at + separator.length)
  const outcome =
    process === access.own
      ? await actOnDeadLetter(access.spool, { space: access.space, segment, action })
      : await orderAnother(access, process, segment, action)
  if (outcome.kind === 'unknown') throw new ApiError('NOT_FOUND', `There is no refused segment ${id}.`)
  if (outcome.kind === 'refused') throw new ApiError('CONFLICT', outcome.error)
  if (outcome.kind === 'failed') throw new ApiError('UNAVAILABLE', outcome.error)
}

async function orderAnother(
  { space, others, orders }: DeadLetterAccess,
  process: string,
  segment: string,
  action: DeadLetterAction,
): Promise<DeadLetterOutcome> {
  const reported = await others()
  if (!reported) return { kind: 'failed', error: 'The relational store is away.' }
  const known = reported.find(({ id }) => id === process)
  if (!known) return { kind: 'unknown' }
  if (known.stale) return { kind: 'failed', error: `The process on ${known.report.host} that has these rows is away.` }
  return orders.give(process, { space, segment, action })
}
