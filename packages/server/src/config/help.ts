import { flagOf } from './load.ts'
import { type SettingName, settings } from './settings.ts'

/** The text of `--help`. */
export function helpText(): string {
  const rows = (Object.keys(settings) as SettingName[]).map((name) => {
    const { schema, description } = settings[name]
    const fallback = schema.safeParse(undefined)
    const shown = fallback.success && fallback.data !== undefined ? formatDefault(fallback.data) : ''
    return { names: `--${flagOf(name)}, ${name}`, text: description + shown }
  })
  const width = Math.max(...rows.map((row) => row.names.length))
  return [
    'Burstlet Monitoring server. Each setting is a flag or an environment variable; the flag wins.',
    '',
    ...rows.map((row) => `  ${row.names.padEnd(width)}  ${row.text}`),
    `  ${'--print-addresses'.padEnd(width)}  print one line of JSON with the addresses when ready`,
    `  ${'--sign-in-link'.padEnd(width)}  print a new link that signs a browser in, and end; beside a server that runs with the same settings`,
    `  ${'--help'.padEnd(width)}  this text`,
    '',
  ].join('\n')
}

function formatDefault(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? '' : ` (default ${String(value)})`
}
