import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { SourceMap, SourceMapBody } from '@burstlet/contract/source-maps'
import { sql } from 'kysely'
import type { Database, Transaction } from '../../storage/database/database.ts'

const compress = promisify(gzip)
const maxListed = 1000

/** Which build: what `service.name` and `service.version` of its telemetry say. */
export interface Release {
  readonly space: string
  readonly service: string
  readonly version: string
}

/** Where source maps are found, by release and file. */
export interface KeptMaps {
  /** Services and versions of a space that have source maps. */
  releases(space: string): Promise<Omit<Release, 'space'>[]>
  /** Files of a release that have a source map, each with the time from which it is as it is. */
  files(release: Release): Promise<Map<string, number>>
  /** @returns the map as gzip; undefined when there is none */
  read(release: Release, file: string): Promise<Uint8Array | undefined>
}

/** Source maps in the relational store, gzip. What was uploaded longest ago goes when there are more than `maxBytes`. */
export class SourceMapStore implements KeptMaps {
  readonly #database: Database
  readonly #maxBytes: number

  constructor(database: Database, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
  }

  /** @param file path of the script without a leading slash */
  async put(release: Release, file: string, map: SourceMapBody): Promise<SourceMap> {
    const content = await compress(JSON.stringify(map))
    const uploadedAt = Date.now()
    const changed = { uploaded_at: uploadedAt, bytes: content.length, content }
    await this.#database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('source_maps')
        .values({ ...release, file, ...changed })
        .onConflict((conflict) => conflict.columns(['space', 'service', 'version', 'file']).doUpdateSet(changed))
        .execute()
      await this.#keepWithinBounds(transaction, release)
    })
    const { service, version } = release
    return { service, version, file, bytes: content.length, uploadedAt: new Date(uploadedAt).toISOString() }
  }

  async list(space: string, of: { service?: string | undefined; version?: string | undefined }): Promise<SourceMap[]> {
    let query = this.#database
      .selectFrom('source_maps')
      .select(['service', 'version', 'file', 'bytes', 'uploaded_at'])
      .where('space', '=', space)
    if (of.service !== undefined) query = query.where('service', '=', of.service)
    if (of.version !== undefined) query = query.where('version', '=', of.version)
    const rows = await query.orderBy('uploaded_at', 'desc').orderBy('file').limit(maxListed).execute()
    return rows.map(({ uploaded_at, ...row }) => ({
      ...row,
      uploadedAt: new Date(uploaded_at).toISOString(),
    }))
  }

  /** @returns how many there were */
  delete(release: Release): Promise<number> {
    return deleteRelease(this.#database, release)
  }

  async releases(space: string): Promise<Omit<Release, 'space'>[]> {
    return this.#database
      .selectFrom('source_maps')
      .select(['service', 'version'])
      .distinct()
      .where('space', '=', space)
      .execute()
  }

  /** Each with its time of upload. */
  async files({ space, service, version }: Release): Promise<Map<string, number>> {
    const rows = await this.#database
      .selectFrom('source_maps')
      .select(['file', 'uploaded_at'])
      .where('space', '=', space)
      .where('service', '=', service)
      .where('version', '=', version)
      .execute()
    return new Map(rows.map(({ file, uploaded_at }) => [file, uploaded_at]))
  }

  async read({ space, service, version }: Release, file: string): Promise<Uint8Array | undefined> {
    const row = await this.#database
      .selectFrom('source_maps')
      .select('content')
      .where('space', '=', space)
      .where('service', '=', service)
      .where('version', '=', version)
      .where('file', '=', file)
      .executeTakeFirst()
    return row?.content
  }

  async #keepWithinBounds(transaction: Transaction, { space, service, version }: Release): Promise<void> {
    const rows = await transaction
      .selectFrom('source_maps')
      .select(({ fn }) => [
        'space',
        'service',
        'version',
        // PostgreSQL sums up to a numeric.
        sql<number>`cast(sum(bytes) as bigint)`.as('bytes'),
        fn.max('uploaded_at').as('last'),
      ])
      .groupBy(['space', 'service', 'version'])
      .orderBy('last', 'desc')
      .execute()
    let sum = 0
    for (const row of rows) {
      sum += row.bytes
      const isThisOne = row.space === space && row.service === service && row.version === version
      if (sum > this.#maxBytes && !isThisOne) await deleteRelease(transaction, row)
    }
  }
}

async function deleteRelease(database: Database | Transaction, { space, service, version }: Release): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('source_maps')
    .where('space', '=', space)
    .where('service', '=', service)
    .where('version', '=', version)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
