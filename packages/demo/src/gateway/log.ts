import pino from 'pino'

/** The gateway's log. The SDK sends its lines with the trace they belong to. */
export const log = pino({ level: 'debug' })
