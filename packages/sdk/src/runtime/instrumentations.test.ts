import type { Instrumentation } from '@opentelemetry/instrumentation'
import { afterAll, expect, it } from 'vitest'
import { defaultConfig } from '../config/defaults.ts'
import { createInstrumentation, table } from './instrumentations.ts'

type WithModules = Instrumentation & { getModuleDefinitions?: () => { name: string }[] }

const made: Instrumentation[] = []
afterAll(() => {
  for (const instrumentation of made) instrumentation.disable()
})

// What is missing here would never be instrumented, as its instrumentation is loaded with the packages named.
it.each(Object.entries(table).filter(([, { modules }]) => modules !== undefined))(
  '%s is loaded with every package that it patches',
  (name, entry) => {
    const instrumentation: WithModules = createInstrumentation(name, entry, defaultConfig)
    made.push(instrumentation)
    const patched = new Set(instrumentation.getModuleDefinitions?.().map((definition) => definition.name))
    expect([...patched].toSorted()).toEqual(entry.modules?.toSorted())
  },
)
