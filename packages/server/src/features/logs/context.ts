import type { LogsContextQuery, LogsContextResponse } from '@burstlet/contract/logs'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { type LogRow, logColumns, recordsOf } from './search.ts'

// Nothing else than the sort key bounds it, so that the neighbours are found however far away they are.
const query = (condition: string, direction: 'ASC' | 'DESC') => `
SELECT ${logColumns}
FROM logs
WHERE received >= now() - toIntervalDay({days:UInt32}) AND service = {service:String} AND ${condition}
ORDER BY logs.time ${direction}, record_id ${direction}
LIMIT {limit:UInt32}`

const at = 'fromUnixTimestamp64Nano({time:Int64})'
const itself = query(`logs.time = ${at} AND record_id = {id:UInt64}`, 'ASC')
const before = query(`(logs.time < ${at} OR logs.time = ${at} AND record_id < {id:UInt64})`, 'DESC')
const after = query(`(logs.time > ${at} OR logs.time = ${at} AND record_id > {id:UInt64})`, 'ASC')

/** @returns undefined when there is no such record */
export async function readContext(
  context: QueryContext,
  question: LogsContextQuery,
): Promise<LogsContextResponse | undefined> {
  const read = (sql: string, limit: number) =>
    context.reader.query<LogRow>({
      sql,
      reads: 'little',
      params: {
        days: context.retention.logs,
        service: question.service,
        time: question.time,
        id: question.id,
        limit,
      },
      signal: context.signal,
    })
  const [own, earlier, later] = await Promise.all([
    read(itself, 1),
    read(before, question.before),
    read(after, question.after),
  ])
  if (own.length === 0) return undefined
  const records = await recordsOf(context, [...earlier.reverse(), ...own, ...later])
  return {
    before: records.slice(0, earlier.length),
    record: records[earlier.length]!,
    after: records.slice(earlier.length + 1),
  }
}
