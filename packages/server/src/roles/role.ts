import type { FastifyBaseLogger } from 'fastify'
import type { HealthOptions } from '../features/health/routes.ts'

/** A part of the process that runs: disposing of it stops it, and what it had started. */
export interface Role extends AsyncDisposable {
  /** What tells of its health, for `GET /health` of this process. */
  readonly probes: HealthOptions['probes']
}

/**
 * Starts parts in order. Each is put on the stack once it runs; they are stopped in reverse, also when a later one does
 * not start.
 * @throws what kept a part from starting
 */
export async function startInOrder<Started extends object>(
  log: FastifyBaseLogger,
  start: (stack: AsyncDisposableStack) => Promise<Started>,
): Promise<Started & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  try {
    const started = await start(stack)
    return { ...started, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync().catch((fault: unknown) => log.error({ err: fault }, 'stopping failed'))
    throw error
  }
}
