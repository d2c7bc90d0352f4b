import { configuration, type ResolvedConfig } from '@burstlet/contract/configuration'
import { defaultConfig } from './defaults.ts'

/** A configuration with every default filled in, and one phrase for each value that was not used. */
export interface Validated {
  config: ResolvedConfig
  problems: string[]
}

/**
 * Checks a configuration object. It never throws: a bad value is replaced by its default and named in `problems`
 * (`tracing.samplingRate: Too big: expected number to be <=1`), since a wrong setting must not stop a service.
 */
export function validateConfig(input: unknown): Validated {
  const problems: string[] = []
  let candidate: unknown = structuredCloneOrEmpty(input, problems)
  // Each round removes what was bad; a removed key falls to its default, so two rounds are enough for this schema.
  for (let round = 0; round < 5; round++) {
    const result = configuration.safeParse(candidate)
    if (result.success) return { config: result.data, problems }
    for (const issue of result.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) {
          problems.push(`${[...issue.path, key].join('.')}: no such setting`)
          candidate = without(candidate, [...issue.path, key])
        }
      } else {
        problems.push(`${issue.path.join('.') || 'configuration'}: ${issue.message}`)
        candidate = issue.path.length === 0 ? {} : without(candidate, issue.path)
      }
    }
  }
  return { config: structuredClone(defaultConfig), problems }
}

/** The parts of the object that the server acts on, not the service: named once so that nobody waits for an effect. */
export function serverSettingsIn(input: unknown): string[] {
  if (!isRecord(input)) return []
  const logging = input['logging']
  const found = []
  if ('retentionDays' in input) found.push('retentionDays')
  if ('alerts' in input) found.push('alerts')
  if (isRecord(logging) && 'retention' in logging) found.push('logging.retention')
  return found
}

function structuredCloneOrEmpty(input: unknown, problems: string[]): unknown {
  if (input === undefined) return {}
  try {
    return structuredClone(input)
  } catch {
    problems.push('configuration: holds something that is not plain data')
    return {}
  }
}

function without(value: unknown, path: PropertyKey[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return undefined
  if (Array.isArray(value)) {
    const index = Number(key)
    if (rest.length === 0) return value.filter((_, position) => position !== index)
    return value.map((item, position) => (position === index ? without(item, rest) : item))
  }
  if (!isRecord(value)) return undefined
  const { [key as string]: inner, ...others } = value
  if (rest.length === 0) return others
  const remaining = without(inner, rest)
  return remaining === undefined ? others : { ...others, [key as string]: remaining }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
