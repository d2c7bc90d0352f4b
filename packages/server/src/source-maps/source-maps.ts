import type { MappedStack } from '@burstlet/contract/mapped-stack'
import type { FastifyBaseLogger } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Locator } from './locator.ts'
import type { ScriptPlace } from './locator-messages.ts'
import { type Locate, mapStack } from './map-stack.ts'
import type { Release, SourceMapStore } from './store.ts'

/** Of maps that are kept ready, by what they take in memory. */
const mostMemory = 256 * 1024 * 1024
/** How long what another process uploads may go unnoticed. */
const listedMs = 10_000
/** Maps that are read for one answer; stacks of further ones stay as they were sent. */
const mostLoadsOfAnAnswer = 20

/** A stack and who sent it. */
export interface SentStack {
  readonly service: string
  readonly version: string
  readonly stack: string
}

/** Of the files that have a map: when it was uploaded, by service and version. */
type Releases = ReadonlyMap<string, ReadonlyMap<string, number>>

/** Applies source maps to stacks as they are read. */
export class SourceMaps {
  readonly store: SourceMapStore
  readonly #log: Pick<FastifyBaseLogger, 'warn'>
  readonly #releases: LRUCache<string, Releases>
  readonly #locator: Locator

  /** @param memory bytes of the maps that are kept ready */
  constructor(store: SourceMapStore, log: Pick<FastifyBaseLogger, 'warn'>, memory = mostMemory) {
    this.store = store
    this.#log = log
    this.#locator = new Locator(memory)
    this.#releases = new LRUCache<string, Releases>({
      max: 1000,
      ttl: listedMs,
      fetchMethod: async (space) => {
        const releases = await this.store.releases(space)
        return new Map(releases.map(({ service, version, files }) => [keyOf(service, version), files]))
      },
    })
  }

  /** Bytes that the maps in memory take, about. */
  get memory(): number {
    return this.#locator.used
  }

  /** To be called when maps were put or deleted. */
  changed(space: string): void {
    this.#releases.delete(space)
  }

  /** Services of a space whose stacks may be mapped, each with its versions. */
  async mappedServices(space: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const releases = [...(await this.#releasesOf(space)).keys()].map((key) => JSON.parse(key) as [string, string])
    const grouped = Map.groupBy(releases, ([service]) => service)
    return new Map([...grouped].map(([service, of]) => [service, of.map(([, version]) => version)]))
  }

  /** One answer for each stack, in their order; null where nothing fits. */
  async map(
    space: string,
    stacks: readonly SentStack[],
    mostLoads = mostLoadsOfAnAnswer,
  ): Promise<(MappedStack | null)[]> {
    const releases = await this.#releasesOf(space)
    const loads = { left: mostLoads }
    const mapped: (MappedStack | null)[] = []
    for (const { service, version, stack } of stacks) {
      const files = stack === '' ? undefined : releases.get(keyOf(service, version))
      const locate: Locate = (file, places) =>
        this.#locate({ space, service, version }, file, files?.get(file) ?? 0, places, loads)
      mapped.push(files ? await mapStack(stack, files, locate) : null)
    }
    return mapped
  }

  async stop(): Promise<void> {
    await this.#locator.stop()
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
        const content = await this.store.read(release, file)
        if (content) located = await this.#locator.locate(key, places, content)
      }
      if (located.kind === 'broken') throw new Error(located.reason)
      return located.kind === 'located' ? located.originals : undefined
    } catch (error) {
      this.#log.warn({ err: error, ...release, file }, 'a source map cannot be used')
      return undefined
    }
  }

  async #releasesOf(space: string): Promise<Releases> {
    return (await this.#releases.fetch(space)) ?? new Map()
  }
}

function keyOf(service: string, version: string): string {
  return JSON.stringify([service, version])
}
