import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire, getCompileCacheDir } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from '../options.ts'
import type { Reach } from './landlock.ts'

/**
 * What Node and the engine look at on any Linux; none of it is of this product or of a person. Not all of /proc: a process may read
 * the variables of others there.
 */
const system = [
  ...['meminfo', 'cpuinfo', 'stat', 'uptime', 'loadavg', 'locks', 'version'].map((name) => `/proc/${name}`),
  ...['/sys/fs/cgroup', '/sys/devices/system', '/usr/share/zoneinfo', '/etc/localtime', '/etc/timezone'],
  ...['/dev/urandom', '/dev/random', '/dev/zero', '/etc/ld.so.cache'],
]

/** What the kernel tells of this process and its threads. It is the same process after it has started itself again. */
export const ownProcess = `/proc/${process.pid}`

/**
 * What this process needs: its program, the data folder, and to read the files that an INSERT may name. Neither the server's secret
 * key nor its other database is among it.
 */
export function reachOf({ dataDirectory, localFiles }: Options): Reach {
  const compiled = getCompileCacheDir()
  const ownFolder = fileURLToPath(new URL('../..', import.meta.url))
  const libraries = mappedFiles().filter((path) => /\.so(?:\.|$)/.test(path))
  return {
    read: [
      ...system,
      ownProcess,
      ...new Set(libraries.map((path) => dirname(path))),
      join(ownFolder, 'src'),
      join(ownFolder, 'package.json'),
      ...moduleFolders(),
      ...(compiled === undefined ? [] : [compiled]),
      ...(localFiles === undefined ? [] : [localFiles]),
    ],
    write: [dataDirectory, ...linksIn(dataDirectory), '/dev/null'],
    execute: [realpathSync(process.execPath), ...libraries.filter((path) => /^ld[-.]/.test(basename(path)))],
  }
}

/** Folders that an operator has moved to another volume. */
function linksIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(folder, name))
}

/** Where the packages that this one depends on, and those that they depend on, are. */
function moduleFolders(): string[] {
  const require = createRequire(import.meta.url)
  const folders = ['chdb', 'ffi-rs', 'zod'].map((name) => {
    const path = realpathSync(require.resolve(name))
    return path.slice(0, path.indexOf('/node_modules/') + '/node_modules'.length)
  })
  return [...new Set(folders)]
}

/** Files of the running program, wherever a distribution puts its libraries. */
function mappedFiles(): string[] {
  const lines = readFileSync('/proc/self/maps', 'utf8').split('\n')
  return [...new Set(lines.flatMap((line) => /\s(\/.*)$/.exec(line)?.[1] ?? []))]
}
