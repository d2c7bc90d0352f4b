import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own for a scenario. */
export interface DiskKind {
  readonly type: 'tmpfs' | 'ext4'
  readonly mebibytes: number
}

/** A folder for a scenario, on a disk of its own if it asks for one. */
export interface Disk {
  readonly folder: string
  remove(): void
}

export function makeDisk(kind?: DiskKind): Disk {
  const top = mkdtempSync(join(tmpdir(), 'burstlet-faults-'))
  const folder = join(top, 'disk')
  mkdirSync(folder)
  try {
    if (kind) mount(kind, folder, join(top, 'image'))
  } catch (error) {
    rmSync(top, { recursive: true, force: true })
    throw error
  }
  return {
    folder,
    remove() {
      if (kind) execFileSync('umount', ['-l', folder])
      rmSync(top, { recursive: true, force: true })
    },
  }
}

function mount({ type, mebibytes }: DiskKind, folder: string, image: string): void {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })
  if (type === 'tmpfs') {
    run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder)
    return
  }
  writeFileSync(image, '')
  truncateSync(image, mebibytes * 1024 * 1024)
  run('mkfs.ext4', '-q', '-m', '0', image)
  run('mount', '-o', 'loop', image, folder)
}

/** Whether this process may mount a file system of this kind. */
export function mayMount(type: DiskKind['type']): boolean {
  try {
    makeDisk({ type, mebibytes: 8 }).remove()
    return true
  } catch {
    return false
  }
}

/** Takes all the space that is left. */
export function fill(path: string): void {
  for (const size of ['1M', '4k']) {
    try {
      execFileSync('dd', ['if=/dev/zero', `of=${path}-${size}`, `bs=${size}`], { stdio: 'ignore' })
    } catch {
      // Until there is no room any more: that is what it is for.
    }
  }
}

export function empty(path: string): void {
  for (const size of ['1M', '4k']) rmSync(`${path}-${size}`, { force: true })
}
