import { parseArgs } from 'node:util'
import { z } from 'zod'
import { isLoopbackAddress } from './loopback.ts'
import { type Config, type SettingName, settings } from './settings.ts'

/** What was wrong with the configuration, a line for each fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface CommandLine {
  readonly config: Config
  readonly help: boolean
  readonly printAddresses: boolean
  /** Whether to print a new sign-in link, instead of starting. */
  readonly signInLink: boolean
}

const names = Object.keys(settings) as SettingName[]

/** `MONITORING_API_PORT` -> `api-port` */
export function flagOf(name: SettingName): string {
  return name.slice('MONITORING_'.length).toLowerCase().replaceAll('_', '-')
}

/**
 * Reads flags and environment; a flag wins.
 * @throws ConfigError
 */
export function loadConfig(args: string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { help, 'print-addresses': printAddresses, 'sign-in-link': signInLink, ...flags } = parseFlags(args)
  if (help) return { config: parse({}), help: true, printAddresses: false, signInLink: false }
  const raw: Record<string, string | undefined> = {}
  for (const name of names) {
    const flag = flags[flagOf(name)]
    const value = typeof flag === 'string' ? flag : environment[name]
    // An empty variable is how compose files and shells say "not set".
    if (value !== undefined && value !== '') raw[name] = value
  }
  const config = parse(raw)
  requireKeyBeyondLoopback(config)
  return { config, help: false, printAddresses: printAddresses === true, signInLink: signInLink === true }
}

function parseFlags(args: string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(names.map((name) => [flagOf(name), { type: 'string' as const }]))
  try {
    return parseArgs({
      args,
      options: {
        ...options,
        help: { type: 'boolean', short: 'h' },
        'print-addresses': { type: 'boolean' },
        'sign-in-link': { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : error}\nSee --help.`)
  }
}

function parse(raw: Record<string, string | undefined>): Config {
  const shape = Object.fromEntries(names.map((name) => [name, settings[name].schema]))
  const result = z.object(shape).safeParse(raw)
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`).join('\n'),
    )
  }
  return result.data as Config
}

/** Anyone who reaches an open ingest port could fill the disk, so beyond loopback a key is not optional. */
function requireKeyBeyondLoopback(config: Config): void {
  if (isLoopbackAddress(config.MONITORING_HOST) || config.MONITORING_INGEST_KEY) return
  throw new ConfigError(
    `MONITORING_HOST: ${config.MONITORING_HOST} is reachable from other machines, so MONITORING_INGEST_KEY must be set (32 characters or more; for example: openssl rand -hex 32).`,
  )
}
