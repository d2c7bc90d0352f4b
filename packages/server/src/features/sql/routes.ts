import { allowedFunctions } from '@burstlet/chdb-server/sql/vet-query'
import { sqlBody, sqlResponse } from '@burstlet/contract/sql'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { guestTables } from '../../storage/clickhouse/guest-tables.ts'
import { runSql } from './run-sql.ts'

const description = [
  'Runs one SELECT of ClickHouse, as the engine itself reads it: with joins, subqueries, WITH, UNION, window functions, and a `;` or comments if you like. It sees the rows of your space that are still kept, and nothing else.',
  `Tables: ${guestTables.join(', ')}, alone or as database.table.`,
  `Functions: ${allowedFunctions.join(', ')}.`,
  'Not allowed, answered 403 FORBIDDEN with the name of what is refused and its column: other statements, tables and functions; table functions; SETTINGS, FORMAT, INTO OUTFILE; parameters in braces; APPLY, EXCEPT, REPLACE and COLUMNS; a table after IN (a subquery may stand there); names with a quote, a backslash or a line break.',
  'A fault of the text is 400 VALIDATION_ERROR with the column, counted in characters from 1, where it is known. A statement that takes too long, too much memory or too many rows to compute is 422 QUERY_LIMIT; when too many run at once it is 503. Statements nest 1000 deep at most.',
].join('\n\n')

export async function sqlRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.post(
    '/sql',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'runSql',
        tags: ['query'],
        summary: 'One SELECT over the tables of telemetry',
        description,
        body: sqlBody,
        response: { 200: sqlResponse },
      },
    },
    (request, reply) => runSql(queryContextOf(options, request, reply), request.body),
  )
}
