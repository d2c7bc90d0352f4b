import { type Context, context } from '@opentelemetry/api'
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs'
import { scrubAttributes } from '../privacy/scrub.ts'
import { scrubText } from '../privacy/sensitive.ts'
import { identityAttributes } from '../requests/identify.ts'
import { requestOf } from '../requests/request-state.ts'

/** What every log record gets before it goes on: for whom its request is made, and secrets taken out. */
export class FinishingLogs implements LogRecordProcessor {
  onEmit(record: ReadWriteLogRecord, of?: Context): void {
    const request = requestOf(of ?? context.active())
    if (request !== undefined) record.setAttributes(identityAttributes(request.identity))
    scrubAttributes(record.attributes)
    if (typeof record.body === 'string') record.setBody(scrubText(record.body))
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
