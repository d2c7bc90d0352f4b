import { readFileSync } from 'node:fs'
import { configuration } from '@burstlet/contract/configuration'
import { ConfigError } from './config-error.ts'
import type { Setting } from './settings/setting.ts'

/** What the server takes from the configuration object, by the path in it. */
const taken: Readonly<Record<string, Setting['name']>> = {
  retentionDays: 'MONITORING_RETENTION_METRICS_DAYS',
  'logging.retention': 'MONITORING_RETENTION_LOGS_DAYS',
}

export interface ConfigurationFile {
  readonly path: string
  /** Values of settings, as they stand in the file. */
  readonly values: ReadonlyMap<string, unknown>
  /** Paths of what else it says: settings of services, and of parts that the server does not have. */
  readonly unused: readonly string[]
}

/**
 * Reads the specification's configuration object from a JSON file.
 * @throws ConfigError with the file, the path in it, and what was wrong, a line for each fault
 */
export function readConfigurationFile(path: string): ConfigurationFile {
  const object = parseFile(path)
  const result = configuration.safeParse(object)
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((name) => `${[...issue.path, name].join('.')}: no such setting`)
        : `${issue.path.join('.') || 'the object'}: ${issue.message}`,
    )
    throw new ConfigError(faults.map((fault) => `MONITORING_CONFIG ${path}: ${fault}`).join('\n'))
  }
  const said = new Map(valuesOf(object))
  return {
    path,
    values: new Map([...said].flatMap(([at, value]) => (at in taken ? [[taken[at], value] as const] : []))) as Map<
      string,
      unknown
    >,
    unused: [...said.keys()].filter((at) => !(at in taken)),
  }
}

function parseFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const kind = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'
    throw new ConfigError(`MONITORING_CONFIG ${path}: ${kind}: ${error instanceof Error ? error.message : error}`)
  }
}

/** Values with their paths; a list is one value. */
function valuesOf(value: unknown, at: readonly string[] = []): [path: string, value: unknown][] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject) return [[at.join('.'), value]]
  return Object.entries(value).flatMap(([name, inner]) => valuesOf(inner, [...at, name]))
}
