import { afterAll, beforeAll } from 'vitest'
import { createTestApi, type TestApi } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

/** For the tests of a file and its hooks: there is none before them. */
export interface StartedEngine {
  readonly engine: TestEngine
}

export interface StartedApi extends StartedEngine {
  readonly app: TestApi
}

type Fill = (engine: TestEngine) => Promise<void>

/**
 * An engine that is started before the tests of the file that calls this, and stopped after them.
 * @param fill puts in what the tests start from
 */
export function startedEngine(fill?: Fill): StartedEngine {
  let engine: TestEngine
  beforeAll(async () => {
    engine = await startTestEngine()
    await fill?.(engine)
  })
  afterAll(() => engine?.stop())
  return {
    get engine() {
      return engine
    },
  }
}

/** The same, and the query features over it. */
export function startedApi(fill?: Fill): StartedApi {
  const started = startedEngine(fill)
  let app: TestApi
  beforeAll(async () => {
    app = await createTestApi(started.engine.reader)
  })
  // Hooks run backwards after the tests: the engine is there until this is done.
  afterAll(() => app?.close())
  return {
    get engine() {
      return started.engine
    },
    get app() {
      return app
    },
  }
}
