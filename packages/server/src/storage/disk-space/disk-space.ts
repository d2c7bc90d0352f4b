import { type StatsFs, statfsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { type DiskFloor, engineFloor, ingestFloor } from './disk-floor.ts'

export type DiskUse = 'spool' | 'tables'

/** A file system that holds data of ours, as it was a moment ago. */
export interface Disk {
  readonly holds: readonly DiskUse[]
  readonly freeBytes: number
  readonly totalBytes: number
  /** With less free space than this, nothing is taken in. */
  readonly minFreeBytes: number
  /** With less than this, the embedded engine inserts and merges nothing. */
  readonly engineMinFreeBytes: number
}

/** Somebody may fill gigabytes a second; the engine's own floor, and the space below it, are for what this does not see. */
const lookEveryMs = 200

/** Watches how much space is left where the spool and the embedded engine's tables are. */
export class DiskSpace {
  readonly #floor: DiskFloor
  readonly #places: readonly { readonly path: string; readonly holds: readonly DiskUse[] }[]
  readonly #timer: NodeJS.Timeout
  #disks: readonly Disk[]

  /** @param paths folders that exist; those on one file system are looked at as one */
  constructor(paths: Readonly<Partial<Record<DiskUse, string>>>, floor: DiskFloor) {
    this.#floor = floor
    const byDevice = new Map<number, { path: string; holds: DiskUse[] }>()
    for (const [use, path] of Object.entries(paths) as [DiskUse, string][]) {
      const { dev } = statSync(path)
      const place = byDevice.get(dev) ?? { path, holds: [] }
      place.holds.push(use)
      byDevice.set(dev, place)
    }
    this.#places = [...byDevice.values()]
    this.#disks = this.#places.map((place) => this.#read(place.holds, statfsSync(place.path)))
    let looking = false
    this.#timer = setInterval(() => {
      if (looking) return
      looking = true
      void this.#look().finally(() => {
        looking = false
      })
    }, lookEveryMs).unref()
  }

  get disks(): readonly Disk[] {
    return this.#disks
  }

  /** Why nothing is taken in, and when that ends; undefined while there is room. */
  get shortage(): string | undefined {
    const disk = this.#disks.find(({ freeBytes, minFreeBytes }) => freeBytes < minFreeBytes)
    if (!disk) return undefined
    const { holds, freeBytes, minFreeBytes, engineMinFreeBytes } = disk
    const engine =
      holds.includes('tables') && freeBytes < engineMinFreeBytes
        ? ` Below ${megabytes(engineMinFreeBytes)} the engine inserts and merges nothing either.`
        : ''
    return (
      `The disk of the ${holds.join(' and ')} has ${megabytes(freeBytes)} free; below ${megabytes(minFreeBytes)} nothing ` +
      `is taken in.${engine} It goes on by itself once there is room.`
    )
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    try {
      this.#disks = await Promise.all(
        this.#places.map(async ({ path, holds }) => this.#read(holds, await statfs(path))),
      )
    } catch {
      // A folder that is gone for a moment; whoever writes to it says so.
    }
  }

  #read(holds: readonly DiskUse[], { bavail, blocks, bsize }: StatsFs): Disk {
    const totalBytes = blocks * bsize
    return {
      holds,
      freeBytes: bavail * bsize,
      totalBytes,
      minFreeBytes: ingestFloor(totalBytes, this.#floor),
      engineMinFreeBytes: engineFloor(totalBytes, this.#floor),
    }
  }
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MB`
}
