// What `scripts/run.mjs` needs to know of the platform. Plain JavaScript without dependencies: it runs on the Node that a
// newcomer has, before anything is installed. `packages/testkit/src/platform.test.ts` tries each branch.

/**
 * The Node that tasks run on: the one of npm's package `node`, which the lockfile pins; where npm has none for the platform
 * (24.21 for macOS), the one that runs already, when it is new enough.
 * @param {{ bundled: string, exists: (path: string) => boolean, running: { path: string, version: string }, platform: string }} given
 * @returns {{ path: string } | { problem: string }}
 */
export function chooseNode({ bundled, exists, running, platform }) {
  if (exists(bundled)) return { path: bundled }
  if (Number(running.version.replace(/^v/, '').split('.')[0]) >= 24) return { path: running.path }
  const problem = `npm has no Node 24 for ${platform}, and this is Node ${running.version}: install Node 24 or newer, and run this again.`
  return { problem }
}

/** Platforms of the embedded engine that the lockfile does not hold, since the registry did not answer for them as it was made. */
const enginesBesideTheLockfile = ['linux-arm64', 'darwin-x64', 'darwin-arm64']

/**
 * The package of the embedded engine that is to be installed beside those of the lockfile, as npm takes it; undefined where
 * the lockfile has it, or nobody has.
 * @param {{ platform: string, optionalDependencies: Record<string, string> }} given `platform` as in `darwin-arm64`; the other of npm's package `chdb`
 */
export function engineBesideTheLockfile({ platform, optionalDependencies }) {
  if (!enginesBesideTheLockfile.includes(platform)) return undefined
  const name = [`@chdb/lib-${platform}`, `@chdb/lib-${platform}-gnu`].find((one) => one in optionalDependencies)
  return name && `${name}@${optionalDependencies[name]}`
}
