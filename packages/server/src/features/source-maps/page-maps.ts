import { readdir, readFile, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { version } from '../../config/version.ts'
import type { KeptMaps, Release } from './store.ts'

const compress = promisify(gzip)
/** What the page calls itself (packages/web/src/app/own-monitoring.ts). */
const service = 'monitoring-web'
const ending = '.map'

/**
 * The source maps that the build of the product's own page leaves beside its scripts: those of the page that this server serves.
 * Scripts carry a hash in their names, so builds that stand side by side in the folder are told apart.
 */
export class PageMaps implements KeptMaps {
  readonly #folder: string

  /** @param folder of the built page; nothing is read from it before it is asked for */
  constructor(folder: string) {
    this.#folder = folder
  }

  async releases(): Promise<Omit<Release, 'space'>[]> {
    return [{ service, version }]
  }

  async files(release: Release): Promise<Map<string, number>> {
    if (release.service !== service || release.version !== version) return new Map()
    const names = await readdir(this.#folder, { recursive: true }).catch(() => [])
    const maps = names.filter((name) => name.endsWith(ending))
    return new Map(
      await Promise.all(
        maps.map(async (name): Promise<[string, number]> => {
          const script = name.slice(0, -ending.length).split(sep).join('/')
          return [script, (await stat(join(this.#folder, name))).mtimeMs]
        }),
      ),
    )
  }

  async read(release: Release, file: string): Promise<Uint8Array | undefined> {
    const isOne = (await this.files(release)).has(file)
    return isOne ? compress(await readFile(join(this.#folder, `${file}${ending}`))) : undefined
  }
}
