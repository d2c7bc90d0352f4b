import { signInUrl } from '../access/routes.ts'
import { Sessions } from '../access/sessions.ts'
import { deriveKey, loadSecretKey } from '../config/secret-key.ts'
import type { Config } from '../config/settings.ts'
import { type Database, openDatabase } from '../storage/database/database.ts'
import { addressOf } from './listen.ts'

/** Signed with the secret key, so that every process that has it takes them. */
export function openSessions({ access, storage }: Pick<Config, 'access' | 'storage'>, database: Database): Sessions {
  return new Sessions(database, deriveKey(loadSecretKey(access.secretKey, storage.dataFolder), 'tokens'))
}

/** Where people reach the page, when that is configured. */
export function publicAddress({ publicUrl }: Config['server']): string | undefined {
  return publicUrl?.replace(/\/$/, '')
}

/** A link that signs a browser in at the server that runs with the same settings. */
export async function newSignInLink(config: Pick<Config, 'server' | 'access' | 'storage'>): Promise<string> {
  const database = await openDatabase(config.storage)
  try {
    const address = publicAddress(config.server) ?? addressOf(config.server.host, config.server.apiPort)
    return signInUrl(address, await openSessions(config, database).issueLink())
  } finally {
    await database.destroy()
  }
}
