import type { CommandLine } from './load.ts'
import type { SettingGroup } from './settings/setting.ts'
import { groups } from './settings.ts'

/** Every setting with its value and where that comes from, a line each; a secret is only said to be set. */
export function settingsText({ config, sources, file }: Pick<CommandLine, 'config' | 'sources' | 'file'>): string {
  const blocks = Object.entries<SettingGroup>(groups).map(([group, { title, settings }]) => {
    const values = Object.entries<Readonly<Record<string, unknown>>>(config).find(([name]) => name === group)?.[1]
    const rows = Object.entries(settings).map(([key, { name, secret }]) => {
      const source = sources.get(name) ?? 'default'
      return { name, value: shown(values?.[key], secret), source: source === 'file' ? `file ${file?.path}` : source }
    })
    return { title, rows }
  })
  const all = blocks.flatMap(({ rows }) => rows)
  const width = (of: 'name' | 'value') => Math.min(60, Math.max(...all.map((each) => each[of].length)))
  const line = ({ name, value, source }: (typeof all)[number]) =>
    `  ${name.padEnd(width('name'))}  ${value.padEnd(width('value'))}  ${source}`
  return `${blocks.map(({ title, rows }) => [title, ...rows.map(line)].join('\n')).join('\n\n')}\n`
}

function shown(value: unknown, secret?: true): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '-'
  return secret ? '(set)' : String(value)
}
