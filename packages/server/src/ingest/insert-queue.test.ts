import { ClickHouseError } from '@clickhouse/client'
import { expect, it } from 'vitest'
import { ClickhouseConnection } from '../clickhouse/connection.ts'
import { InsertQueue } from './insert-queue.ts'

const block = { table: 'spans', rows: 1, bytes: Buffer.from('x') } as const

/** A connection whose every insert ends with this refusal of the engine. */
function refusing(code: string): ClickhouseConnection {
  const exec = () => Promise.reject(new ClickHouseError({ code, message: 'refused', type: 'REFUSED' }))
  return Object.defineProperty(new ClickhouseConnection(), 'writer', { get: () => ({ exec }) })
}

it.each(['202', '241', '243', '252'])('lets the client come again when the engine is full (code %s)', async (code) => {
  await expect(new InsertQueue('spans', refusing(code)).insert(block)).rejects.toMatchObject({
    httpStatus: 503,
    retryAfter: 1,
  })
})

it('does not ask for the same rows again when the engine cannot read them', async () => {
  const failure = new InsertQueue('spans', refusing('117')).insert(block)
  await expect(failure).rejects.toMatchObject({ httpStatus: 500, retryAfter: undefined })
})

it('goes on with the next block after a refusal', async () => {
  const queue = new InsertQueue('spans', refusing('241'))
  await Promise.allSettled([queue.insert(block), queue.insert(block), queue.insert(block)])
  await queue.idle()
  expect(queue.accepting).toBe(true)
})
