import type { FastifyBaseLogger } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Mapped, Releases, SentStack, StackMaps } from '../../querying/context/stack-maps.ts'
import { Locator } from './locator.ts'
import type { ScriptPlace } from './locator-messages.ts'
import { type Locate, mapStack } from './map-stack.ts'
import type { KeptMaps, Release, SourceMapStore } from './store.ts'

/** Of maps that are kept ready, by what they take in memory. */
const maxMemory = 256 * 1024 * 1024
/** How long what another process uploads may go unnoticed. */
const listedMs = 10_000
/** Maps that are read for one answer; stacks of further ones stay as they were sent. */
const maxLoadsOfAnResponse = 20

/** When the map of a file was uploaded. */
type Files = ReadonlyMap<string, number>

export interface SourceMapsOptions {
  /** Bytes of the maps that are kept ready. */
  readonly memory?: number
  /** Beside those that were uploaded, which come first. */
  readonly also?: readonly KeptMaps[]
}

/** Applies source maps to stacks as they are read. */
export class SourceMaps implements StackMaps {
  readonly store: SourceMapStore
  readonly #kept: readonly KeptMaps[]
  readonly #log: Pick<FastifyBaseLogger, 'warn'>
  readonly #releases: LRUCache<string, Releases>
  readonly #files: LRUCache<string, Files>
  readonly #locator: Locator

  constructor(
    store: SourceMapStore,
    log: Pick<FastifyBaseLogger, 'warn'>,
    { memory = maxMemory, also = [] }: SourceMapsOptions = {},
  ) {
    this.store = store
    this.#kept = [store, ...also]
    this.#log = log
    this.#locator = new Locator(memory)
    this.#releases = new LRUCache<string, Releases>({
      max: 1000,
      ttl: listedMs,
      fetchMethod: async (space) => {
        const releases = await Promise.all(this.#kept.map((kept) => kept.releases(space)))
        const grouped = Map.groupBy(releases.flat(), ({ service }) => service)
        return new Map([...grouped].map(([service, of]) => [service, new Set(of.map(({ version }) => version))]))
      },
    })
    this.#files = new LRUCache<string, Files>({
      max: 1000,
      ttl: listedMs,
      fetchMethod: async (key) => {
        const [space, service, version] = JSON.parse(key) as [string, string, string]
        const files = await Promise.all(this.#kept.map((kept) => kept.files({ space, service, version })))
        // Of two maps of one file the last entry would count.
        return new Map(files.toReversed().flatMap((each) => [...each]))
      },
    })
  }

  /** Bytes that the maps in memory take, about. */
  get memory(): number {
    return this.#locator.used
  }

  /** To be called when maps of a release were put or deleted. */
  changed(release: Release): void {
    this.#releases.delete(release.space)
    this.#files.delete(keyOf(release))
  }

  /** Versions that have source maps, by service. */
  async releases(space: string): Promise<Releases> {
    return (await this.#releases.fetch(space)) ?? new Map()
  }

  /** One answer for each stack, in their order; null where nothing fits. */
  async map(space: string, stacks: readonly SentStack[], maxLoads = maxLoadsOfAnResponse): Promise<(Mapped | null)[]> {
    const releases = await this.releases(space)
    const loads = { left: maxLoads }
    const mapped: (Mapped | null)[] = []
    for (const { service, version, stack } of stacks) {
      const release = { space, service, version }
      const isMapped = stack !== '' && releases.get(service)?.has(version)
      const files = isMapped ? await this.#files.fetch(keyOf(release)) : undefined
      const locate: Locate = (file, places) => this.#locate(release, file, files?.get(file) ?? 0, places, loads)
      mapped.push(files ? await mapStack(stack, files, locate) : null)
    }
    return mapped
  }

  async stop(): Promise<void> {
    await this.#locator.stop()
  }

  async #read(release: Release, file: string): Promise<Uint8Array | undefined> {
    for (const kept of this.#kept) {
      const content = await kept.read(release, file)
      if (content) return content
    }
    return undefined
  }

  async #locate(
    release: Release,
    file: string,
    uploadedAt: number,
    places: readonly ScriptPlace[],
    loads: { left: number },
  ): ReturnType<Locate> {
    // A map that takes the place of another has a key of its own; the one before is forgotten as any that nobody asks for.
    const key = JSON.stringify([release.space, release.service, release.version, file, uploadedAt])
    try {
      let located = await this.#locator.locate(key, places)
      if (located.kind === 'missing' && loads.left-- > 0) {
        const content = await this.#read(release, file)
        if (content) located = await this.#locator.locate(key, places, content)
      }
      if (located.kind === 'broken') throw new Error(located.reason)
      return located.kind === 'located' ? located.originals : undefined
    } catch (error) {
      this.#log.warn({ err: error, ...release, file }, 'a source map cannot be used')
      return undefined
    }
  }
}

function keyOf({ space, service, version }: Release): string {
  return JSON.stringify([space, service, version])
}
