import type { OperationInput, OperationName, OperationResponse } from '@burstlet/monitoring/client'

export type { OperationName }

/** The forms of OTLP, which the page does not ask for. */
type Otlp = { resourceSpans: unknown } | { resourceLogs: unknown } | { resourceMetrics: unknown }

/** The body of an operation's success, as the API's document has it. */
export type Response<Name extends OperationName> = Exclude<OperationResponse<Name>, Otlp>

/** The query parameters of an operation; one that is undefined is left out. */
export type Query<Name extends OperationName> = Omit<OrNone<NonNullable<OperationInput<Name>['query']>>, 'format'>

/** An operation without a query has `never` for it in the document's types, which would take any parameter. */
type OrNone<Parameters> = [Parameters] extends [never] ? Record<never, never> : Parameters

/** What an operation takes beside its query: values of its path, a body, a signal. */
export type Rest<Name extends OperationName> = Omit<OperationInput<Name>, 'query'>

/** `Given` without a parameter that `Known` lacks; TypeScript itself looks for these only in literals without a spread. */
export type Exactly<Known, Given> = Given & { [Name in keyof Given]: Name extends keyof Known ? unknown : never }

/** Operations that need no path and no body, and look at a range of time. */
export type RangedOperation = {
  [Name in OperationName]: 'from' | 'to' extends keyof Query<Name>
    ? Record<never, never> extends Rest<Name>
      ? Name
      : never
    : never
}[OperationName]

/** Ranged operations that answer with a list, page by page. */
export type PagedOperation = {
  [Name in RangedOperation]: 'cursor' extends keyof Query<Name> ? (Response<Name> extends Page ? Name : never) : never
}[RangedOperation]

interface Page {
  items: unknown[]
  nextCursor: string | null
}

/** One of the items of a paged operation. */
export type Item<Name extends PagedOperation> = Response<Name>['items'][number]
