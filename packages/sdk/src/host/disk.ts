import { readFile, statfs } from 'node:fs/promises'

/** One mounted file system. Sizes in bytes; `available` is what an ordinary user can still write, `usage` is 0 to 1. */
export interface DiskSnapshot {
  mountPoint: string
  device: string
  type: string
  total: number
  used: number
  free: number
  available: number
  usage: number
}

type Mount = Pick<DiskSnapshot, 'mountPoint' | 'device' | 'type'>

const maxMounts = 32
const timeoutMs = 2000

/** File systems that hold files of their own. The kernel's virtual ones have no space to run out of. */
const real = new Set([
  ...['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'overlay', 'fuseblk', 'vfat', 'exfat', 'ntfs', 'ntfs3'],
  ...['nfs', 'nfs4', 'cifs', 'apfs', 'hfs', 'jfs', 'reiserfs', 'bcachefs', '9p', 'virtiofs'],
])

/**
 * Reads the space of each mounted file system: on Linux those of /proc/self/mounts, once per device; elsewhere the one of the
 * working directory. A mount that does not answer within two seconds, a lost network share say, is left out.
 */
export async function readDisks(): Promise<DiskSnapshot[]> {
  const disks = await Promise.all((await mounts()).map(readDisk))
  return disks.filter((disk) => disk !== undefined)
}

async function mounts(): Promise<Mount[]> {
  if (process.platform !== 'linux') return [{ mountPoint: process.cwd(), device: 'unknown', type: 'unknown' }]
  try {
    const found = parseMounts(await readFile('/proc/self/mounts', 'utf8'))
    if (found.length > 0) return found
  } catch {
    // A container may hide /proc; the root is there in any case.
  }
  return [{ mountPoint: '/', device: 'unknown', type: 'unknown' }]
}

/** Reads the lines of /proc/self/mounts; the shortest mount point of a device stands for it. */
export function parseMounts(text: string): Mount[] {
  const byDevice = new Map<string, Mount>()
  for (const line of text.split('\n')) {
    const [device, mountPoint, type] = line.split(' ').map(unescapeOctal)
    if (device === undefined || mountPoint === undefined || type === undefined || !real.has(type)) continue
    const key = `${device} ${type}`
    const known = byDevice.get(key)
    if (known === undefined || mountPoint.length < known.mountPoint.length) {
      byDevice.set(key, { mountPoint, device, type })
    }
  }
  return [...byDevice.values()].slice(0, maxMounts)
}

/** The kernel writes spaces, tabs and backslashes of names as `\040`. */
function unescapeOctal(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
}

async function readDisk(mount: Mount): Promise<DiskSnapshot | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs).unref()
  })
  try {
    const stats = await Promise.race([statfs(mount.mountPoint), timeout])
    if (stats === undefined || stats.blocks === 0) return undefined
    const total = stats.blocks * stats.bsize
    const free = stats.bfree * stats.bsize
    const available = stats.bavail * stats.bsize
    const used = total - free
    return { ...mount, total, used, free, available, usage: used / (used + available || 1) }
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
