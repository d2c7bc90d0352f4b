import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where npm puts the engine, per platform; see the optional dependencies of `chdb`. */
const platformPackages: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
}

/** Where `scripts/run.mjs` installs engines that the lockfile does not hold. */
export const engineFolder = join(import.meta.dirname, '../../../../node_modules/.burstlet-engine')

/**
 * Finds libchdb.
 * @param platform as in `linux-x64`
 * @param beside a folder with a `node_modules` to look into where npm's package `chdb` did not bring it
 * @throws one clear line where npm has no build of it, or it is not installed
 */
export function libraryFile(platform = `${process.platform}-${process.arch}`, beside = engineFolder): string {
  const name = platformPackages[platform]
  if (name === undefined) {
    throw new Error(
      `the embedded ClickHouse engine has no build for ${platform}; set MONITORING_CLICKHOUSE_URL to a ClickHouse server`,
    )
  }
  const found = candidates(name, beside).find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new Error(
    `the embedded ClickHouse engine for ${platform} (npm package ${name}) is not installed; set MONITORING_CLICKHOUSE_URL to a ClickHouse server`,
  )
}

function candidates(name: string, beside: string): string[] {
  const require = createRequire(import.meta.url)
  const folders = [join(beside, 'node_modules', name)]
  try {
    folders.unshift(dirname(createRequire(require.resolve('chdb')).resolve(name)))
  } catch {
    // Not among the packages of the lockfile.
  }
  return folders.flatMap((folder) => ['libchdb.so', 'libchdb.dylib'].map((file) => join(folder, file)))
}
