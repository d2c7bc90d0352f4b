import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@burstlet/testkit/postgres'
import type { DatabaseSettings } from '../src/storage/database/database.ts'

/** A relational store that is real and empty. */
export interface RelationalStore {
  readonly config: DatabaseSettings
  stop(): Promise<void>
}

/** Both kinds: what holds on one must hold on the other. */
export const relationalStores: readonly (readonly [name: string, start: () => Promise<RelationalStore>])[] = [
  [
    'sqlite',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'burstlet-database-'))
      return { config: { dataFolder: folder }, stop: () => rm(folder, { recursive: true }) }
    },
  ],
  [
    'postgres',
    async () => {
      const postgres = await startPostgres()
      return { config: { databaseUrl: postgres.url, dataFolder: '' }, stop: postgres.stop }
    },
  ],
]
