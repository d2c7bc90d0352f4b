import { logger, SpanKind, trace } from '@burstlet/monitoring'

// Works off what chain-end.ts sends. It ends with it.
process.on('disconnect', () => process.exit(0))
process.on('message', ({ headers }: { headers: Record<string, string> }) => {
  trace('process jobs', { kind: SpanKind.CONSUMER, parent: headers }, () => logger.info('job done'))
  process.send?.('done')
})
