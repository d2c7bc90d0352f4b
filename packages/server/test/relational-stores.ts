import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@burstlet/testkit/postgres'
import { loadConfig } from '../src/config/load.ts'
import type { Config } from '../src/config/settings.ts'

/** A relational store that is real and empty. */
export interface RelationalStore {
  readonly config: Config
  stop(): Promise<void>
}

/** Both kinds: what holds on one must hold on the other. */
export const relationalStores: readonly (readonly [name: string, start: () => Promise<RelationalStore>])[] = [
  [
    'sqlite',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'burstlet-database-'))
      const { config } = loadConfig(['--data-dir', folder], {})
      return { config, stop: () => rm(folder, { recursive: true }) }
    },
  ],
  [
    'postgres',
    async () => {
      const postgres = await startPostgres()
      const { config } = loadConfig(['--database-url', postgres.url], {})
      return { config, stop: postgres.stop }
    },
  ],
]
