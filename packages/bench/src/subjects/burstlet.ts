import { startServer } from '@burstlet/testkit/server'
import { childrenOf, commandOf } from '../process-usage.ts'
import type { Subject } from './subject.ts'

/** The product as `npm start` runs it: server and embedded engine, on an empty folder. */
export async function startBurstlet(): Promise<Subject> {
  const server = await startServer({ environment: { MONITORING_INSERT_INTERVAL_MS: '1000' } })
  const engine = childrenOf(server.pid).find((pid) => commandOf(pid).includes('chdb-server'))
  if (engine === undefined) throw new Error('the server has no engine')
  return {
    otlpHttp: server.otlpHttp,
    processes: { server: server.pid, engine },
    stored: () => server.settled(),
    stop: async () => {
      await server.stop()
    },
  }
}
