import type { Response } from './operations.ts'

// Names for parts of responses that are passed on from where they are asked for.

export type Overview = Response<'getOverview'>
export type ServiceRow = Overview['services'][number]
export type HostNow = Overview['system'][number]

export type Service = Response<'listServices'>['items'][number]

export type TraceSummary = Response<'searchTraces'>['items'][number]
export type Span = Response<'getTrace'>['spans'][number]
export type SpanEvent = Span['events'][number]
export type SpanLink = Span['links'][number]
export type MappedStack = NonNullable<SpanEvent['mappedStack']>
export type MappedFrame = MappedStack['frames'][number]

export type LogRecord = Response<'searchLogs'>['items'][number]
export type Level = LogRecord['level']
export type LogsHistogram = Response<'countLogs'>

/** A bucket's start in epoch milliseconds and its value; null where nothing was. */
export type Point = LogsHistogram['series'][number]['points'][number]

export type Ingest = Response<'getIngest'>
