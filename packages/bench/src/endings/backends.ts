import { startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { startSilentBackend } from '@burstlet/testkit/silent-backend'

/** Where a service sends to, by what it does with it. */
export interface Backends {
  readonly endpoints: {
    readonly answers: string
    readonly slow: string
    readonly silent: string
    readonly away: string
  }
  stop(): Promise<void>
}

/** Of the slow one, until it answers a request. */
export const slowMs = 700

export async function startBackends(): Promise<Backends> {
  const answering = await startOtlpReceiver()
  const slow = await startOtlpReceiver({ delayMs: slowMs })
  const silent = await startSilentBackend()
  // Nobody listens where one was a moment ago.
  const away = await startSilentBackend()
  await away.close()
  return {
    endpoints: { answers: answering.url, slow: slow.url, silent: silent.url, away: away.url },
    async stop() {
      await Promise.all([answering.close(), slow.close(), silent.close()])
    },
  }
}
