import { type Filter, FilterError } from '@burstlet/query-language/filter'
import { parse } from '@burstlet/query-language/parse'
import type { FastifyRequest } from 'fastify'
import { ApiError, faultOf } from '../../http/errors/api-error.ts'
import { ClickhouseUnavailableError, QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { badRegularExpression, isBadRegularExpression } from './bad-regular-expression.ts'

/** Explains what the query language and the storage throw to whoever sent the request; undefined where it is not meant for them. */
export function explainQueryError(error: Error, request: FastifyRequest): ApiError | undefined {
  if (error instanceof FilterError) {
    return new ApiError('VALIDATION_ERROR', `filter: ${error.message}`, [faultOf('filter', error)])
  }
  if (error instanceof QueryLimitError) return new ApiError('QUERY_LIMIT', error.message)
  if (error instanceof ClickhouseUnavailableError) return new ApiError('UNAVAILABLE', error.message)
  if (isBadRegularExpression(error)) {
    const issue = badRegularExpression('filter', error, filterOf(request))
    return new ApiError('VALIDATION_ERROR', `filter: ${issue.message}`, [issue])
  }
  return undefined
}

function filterOf({ query, body }: FastifyRequest): Filter | undefined {
  const text: unknown = { ...(query as object), ...(typeof body === 'object' ? body : {}) }['filter' as never]
  return typeof text === 'string' ? parse(text) : undefined
}
