import type { z } from 'zod'
import { access } from './settings/access.ts'
import { ingest } from './settings/ingest.ts'
import { query } from './settings/query.ts'
import { retention } from './settings/retention.ts'
import { server } from './settings/server.ts'
import type { Setting, SettingGroup } from './settings/setting.ts'
import { storage } from './settings/storage.ts'

/** Everything that can be configured, in the order of `--help`. */
export const groups = { server, access, storage, retention, ingest, query } as const satisfies Record<
  string,
  SettingGroup
>

/** Every setting once, whatever its group. */
export const settings: readonly Setting[] = Object.values(groups).flatMap(
  (group) => Object.values(group.settings) as Setting[],
)

/** Every setting's value by its group, validated. Parts of the server are handed a group, or some of it, never the whole. */
export type Config = {
  readonly [Group in keyof typeof groups]: {
    readonly [Name in keyof (typeof groups)[Group]['settings']]: (typeof groups)[Group]['settings'][Name] extends Setting<
      infer Schema
    >
      ? z.output<Schema>
      : never
  }
}

/** `MONITORING_API_PORT` -> `api-port` */
export function flagOf({ name }: Pick<Setting, 'name'>): string {
  return name.slice('MONITORING_'.length).toLowerCase().replaceAll('_', '-')
}
