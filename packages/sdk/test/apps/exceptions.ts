import { captureError, trace } from '@burstlet/monitoring'

// Two failures: one that leaves its span, one that is handled inside it.
try {
  trace('thrown', () => {
    throw new TypeError('no such video')
  })
} catch {}
trace('handled', () => captureError(new RangeError('offset too large')))
