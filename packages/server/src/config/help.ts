import type { Setting, SettingGroup } from './settings/setting.ts'
import { flagOf, groups } from './settings.ts'

const switches = [
  ['--print-addresses', 'print one line of JSON with the addresses when ready'],
  ['--print-settings', 'print every setting with its value and where that comes from, and end'],
  [
    '--sign-in-link',
    'print a new link that signs a browser in, and end; beside a server that runs with the same settings',
  ],
  ['--help', 'this text'],
] as const

const namesOf = (setting: Setting) => `--${flagOf(setting)}, ${setting.name}`
const all: readonly SettingGroup[] = Object.values(groups)
const width = Math.max(...all.flatMap(({ settings }) => Object.values(settings).map((each) => namesOf(each).length)))
const row = (names: string, text: string) => `  ${names.padEnd(width)}  ${text}`

/** The text of `--help`. */
export function helpText(): string {
  return [
    'Burstlet Monitoring server. Each setting is a flag or an environment variable; the flag wins.',
    '',
    ...all.flatMap(({ title, settings }) => [
      title,
      ...Object.values(settings).map((each) => row(namesOf(each), each.description + shownDefault(each))),
      '',
    ]),
    'Other',
    ...switches.map(([name, text]) => row(name, text)),
    '',
  ].join('\n')
}

function shownDefault({ schema }: Setting): string {
  const fallback = schema.safeParse(undefined)
  if (!fallback.success || fallback.data === undefined) return ''
  return Array.isArray(fallback.data) && fallback.data.length === 0 ? '' : ` (default ${String(fallback.data)})`
}
