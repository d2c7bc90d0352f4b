import type { MappedStack } from '@burstlet/contract/mapped-stack'
import { decodedMappings, FlattenMap, type TraceMap } from '@jridgewell/trace-mapping'
import type { FastifyBaseLogger } from 'fastify'
import { LRUCache } from 'lru-cache'
import PQueue from 'p-queue'
import { mapStack } from './map-stack.ts'
import type { Release, SourceMapStore } from './store.ts'

/** Of maps that are kept ready, by what they take in memory. */
const mostMemory = 256 * 1024 * 1024
/** An array of up to five numbers, and its place in another. */
const bytesOfSegment = 100
/** How long what another process uploads may go unnoticed: a new release, a map in the place of another. */
const listedMs = 10_000
const readMs = 600_000
/** Maps that are read for one answer; stacks of further ones stay as they were sent. */
const mostLoadsOfAnAnswer = 20

/** A stack and who sent it. */
export interface SentStack {
  readonly service: string
  readonly version: string
  readonly stack: string
}

/** Files that have a map, by service and version. */
type Releases = ReadonlyMap<string, ReadonlySet<string>>

interface Loaded {
  readonly map: TraceMap | undefined
  readonly bytes: number
}

/** Applies source maps to stacks as they are read. Maps stay in memory while they are used, within a bound. */
export class SourceMaps {
  readonly store: SourceMapStore
  readonly #log: Pick<FastifyBaseLogger, 'warn'>
  readonly #releases: LRUCache<string, Releases>
  readonly #maps: LRUCache<string, Loaded>
  /** One after the other: reading a large map takes a multiple of its size for a moment. */
  readonly #loading = new PQueue({ concurrency: 1 })

  constructor(store: SourceMapStore, log: Pick<FastifyBaseLogger, 'warn'>, memory = mostMemory) {
    this.store = store
    this.#log = log
    this.#releases = new LRUCache<string, Releases>({
      max: 1000,
      ttl: listedMs,
      fetchMethod: async (space) => {
        const releases = await this.store.releases(space)
        return new Map(releases.map(({ service, version, files }) => [keyOf(service, version), new Set(files)]))
      },
    })
    this.#maps = new LRUCache({
      ttl: readMs,
      maxSize: memory,
      maxEntrySize: memory,
      sizeCalculation: ({ bytes }) => Math.max(1, bytes),
      fetchMethod: (key) => this.#loading.add(() => this.#load(key)),
    })
  }

  /** Bytes that the maps in memory take, about. */
  get memory(): number {
    return this.#maps.calculatedSize
  }

  /** To be called when maps were put or deleted. */
  changed(space: string): void {
    this.#releases.delete(space)
    for (const key of this.#maps.keys()) if (JSON.parse(key)[0] === space) this.#maps.delete(key)
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
    let loads = 0
    const mapped: (MappedStack | null)[] = []
    for (const { service, version, stack } of stacks) {
      const files = stack === '' ? undefined : releases.get(keyOf(service, version))
      const load = async (file: string) => {
        const key = JSON.stringify([space, service, version, file])
        if (!this.#maps.has(key) && ++loads > mostLoads) return undefined
        return (await this.#maps.fetch(key))?.map
      }
      mapped.push(files ? await mapStack(stack, files, load) : null)
    }
    return mapped
  }

  async #releasesOf(space: string): Promise<Releases> {
    return (await this.#releases.fetch(space)) ?? new Map()
  }

  async #load(key: string): Promise<Loaded> {
    const [space, service, version, file] = JSON.parse(key) as [string, string, string, string]
    const release: Release = { space, service, version }
    try {
      const text = await this.store.read(release, file)
      if (text === undefined) return { map: undefined, bytes: 0 }
      const map = new FlattenMap(text)
      const segments = decodedMappings(map).reduce((sum, line) => sum + line.length, 0)
      return { map, bytes: text.length + segments * bytesOfSegment }
    } catch (error) {
      this.#log.warn({ err: error, service, version, file }, 'a source map cannot be used')
      return { map: undefined, bytes: 0 }
    }
  }
}

function keyOf(service: string, version: string): string {
  return JSON.stringify([service, version])
}
