import { parseArgs } from 'node:util'
import { ConfigError } from './config-error.ts'
import { type ConfigurationFile, readConfigurationFile } from './configuration-file.ts'
import { isLoopbackAddress } from './loopback.ts'
import { roleNames } from './settings/roles.ts'
import type { Setting } from './settings/setting.ts'
import { type Config, flagOf, groups, settings } from './settings.ts'

/** Where a value comes from. A flag wins over the environment, that over the file, and all over the default. */
export type Source = 'flag' | 'environment' | 'file' | 'default'

/** What the process was told by its arguments, its environment, and the configuration file. */
export interface CommandLine {
  readonly config: Config
  /** Of every setting, by its name. */
  readonly sources: ReadonlyMap<string, Source>
  /** The configuration file, when one was named. */
  readonly file: ConfigurationFile | undefined
  readonly help: boolean
  readonly printAddresses: boolean
  /** Whether to print every setting with its source, instead of starting. */
  readonly printSettings: boolean
  /** Whether to print a new sign-in link, instead of starting. */
  readonly signInLink: boolean
}

interface Given {
  readonly value: unknown
  readonly source: Source
}

/** Options of the command line that are no settings. */
const switches = ['help', 'print-addresses', 'print-settings', 'sign-in-link'] as const

/**
 * Reads flags, environment and configuration file.
 * @throws ConfigError
 */
export function loadConfig(args: string[], environment: NodeJS.ProcessEnv): CommandLine {
  const flags = parseFlags(args)
  const help = flags['help'] === true
  const given = help ? new Map<string, Given>() : readGiven(flags, environment)
  const path = given.get(groups.server.settings.configurationFile.name)?.value
  const file = typeof path === 'string' ? readConfigurationFile(path) : undefined
  for (const [name, value] of file?.values ?? []) if (!given.has(name)) given.set(name, { value, source: 'file' })
  const config = parse(given)
  requireKeyBeyondLoopback(config)
  requireSharedStores(config)
  return {
    config,
    sources: new Map(settings.map(({ name }) => [name, given.get(name)?.source ?? 'default'])),
    file,
    help,
    printAddresses: flags['print-addresses'] === true,
    printSettings: flags['print-settings'] === true,
    signInLink: flags['sign-in-link'] === true,
  }
}

type Flags = Record<string, string | boolean | undefined>

function parseFlags(args: string[]): Flags {
  try {
    return parseArgs({
      args,
      options: {
        ...Object.fromEntries(settings.map((setting) => [flagOf(setting), { type: 'string' as const }])),
        ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }])),
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : error}\nSee --help.`)
  }
}

function readGiven(flags: Flags, environment: NodeJS.ProcessEnv): Map<string, Given> {
  const given = new Map<string, Given>()
  for (const setting of settings) {
    const flag = flags[flagOf(setting)]
    const source: Source = typeof flag === 'string' ? 'flag' : 'environment'
    const value = source === 'flag' ? flag : environment[setting.name]
    // An empty variable is how compose files and shells say "not set".
    if (value !== undefined && value !== '') given.set(setting.name, { value, source })
  }
  return given
}

function parse(given: ReadonlyMap<string, Given>): Config {
  const faults: string[] = []
  const read = ({ name, schema }: Setting): unknown => {
    const result = schema.safeParse(given.get(name)?.value)
    if (!result.success) faults.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`))
    return result.data
  }
  const config = mapValues(groups, (group) => mapValues(group.settings, read))
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return config as Config
}

function mapValues<Value, Result>(values: Readonly<Record<string, Value>>, map: (value: Value) => Result) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}

/** Anyone who reaches an open ingest port could fill the disk, so beyond loopback a key is not optional. */
function requireKeyBeyondLoopback({ server: { host, roles }, access: { ingestKey } }: Config): void {
  if (!roles.includes('ingest') || isLoopbackAddress(host) || ingestKey) return
  throw new ConfigError(
    `MONITORING_HOST: ${host} is reachable from other machines, so MONITORING_INGEST_KEY must be set (32 characters or more; for example: openssl rand -hex 32).`,
  )
}

/** A process with some of the roles leaves the others to another one, which must find the same data. */
function requireSharedStores({ server: { roles }, storage: { clickhouseUrl, databaseUrl } }: Config): void {
  if (roles.length === roleNames.length) return
  const missing = [
    ...(clickhouseUrl ? [] : ['MONITORING_CLICKHOUSE_URL (a ClickHouse server instead of the embedded engine)']),
    ...(databaseUrl ? [] : ['MONITORING_DATABASE_URL (PostgreSQL instead of SQLite)']),
  ]
  if (missing.length === 0) return
  throw new ConfigError(
    `MONITORING_ROLES: ${roles.join(',')} leaves the other roles to another process; several processes need ${missing.join(' and ')}.`,
  )
}
