import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './say.ts'

/** What every command is told. */
export interface Target {
  service: string
  release: string
  url: string
  key: string | undefined
}

/** The target and the command's own options, which are all texts. */
export interface CommandLine {
  target: Target
  values: Record<string, string | undefined>
  positionals: string[]
}

const defaultUrl = 'http://127.0.0.1:3300'

/** @throws UsageError on what is missing, unknown or no address */
export function readCommandLine(args: string[], own: readonly string[]): CommandLine {
  const names = ['service', 'release', 'url', 'key', ...own]
  const options: ParseArgsOptionsConfig = Object.fromEntries(names.map((name) => [name, { type: 'string' }]))
  const { values, positionals } = parsed(args, options)
  const { service, release, url = process.env['MONITORING_URL'] ?? defaultUrl } = values
  if (!service || !release) throw new UsageError(`--${service ? 'release' : 'service'} is missing`)
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new UsageError(`--url is no address: ${url}`)
  return {
    target: { service, release, url, key: values['key'] ?? process.env['MONITORING_API_KEY'] },
    values,
    positionals,
  }
}

function parsed(args: string[], options: ParseArgsOptionsConfig) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    return { values: values as Record<string, string | undefined>, positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
