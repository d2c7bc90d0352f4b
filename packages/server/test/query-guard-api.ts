import { defaultHeavyLimits, type HeavyLimits, HeavyQueries } from '../src/querying/admission/heavy-queries.ts'
import { type StartedApi, startedApi } from './engine-and-api.ts'

/** What the tests of the guard start from: an API over an engine that has nothing yet. Nothing bounds its questions. */
export interface QueryGuardApi extends StartedApi {
  /** Puts spans of the service `video` into the second from `at`, epoch ms. */
  insertAt(space: string, at: number, count: number, name?: string): Promise<void>
}

/** Started before the tests of the file that calls this, and stopped after them. */
export function queryGuardApi(): QueryGuardApi {
  const api = startedApi()
  return Object.assign(api, {
    async insertAt(space: string, at: number, count: number, name = 'x') {
      await api.engine.writer.command({
        query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind)
                SELECT {space:String}, now(), 'video', fromUnixTimestamp64Milli({at:Int64} + number % 1000), 1000000 * (number % 90), 'weighted-0000000', 'weighted', {name:String}, 2 FROM numbers({count:UInt32})`,
        query_params: { space, at, count, name },
      })
    },
  })
}

/** Heavy queries, and who ran one. */
export function watched(limits: Partial<HeavyLimits>): { heavy: HeavyQueries; ran: string[] } {
  const heavy = new HeavyQueries({ ...defaultHeavyLimits, ...limits })
  const ran: string[] = []
  const run = heavy.run.bind(heavy)
  heavy.run = (asker, signal, statement) => {
    ran.push(asker)
    return run(asker, signal, statement)
  }
  return { heavy, ran }
}
