import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sdk } from './reader.ts'

export interface Manifest {
  version: string
  engines: { node: string }
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  exports: Record<string, unknown>
}

export const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** The SDK as it is published: its tarball, and a project in which that is installed. */
export interface Packed {
  tarball: string
  /** The project's folder. */
  folder: string
  /** Where the SDK is in it. */
  installed: string
  remove: () => void
}

/** Packs the SDK and installs it into a project of its own. */
export function packSdk(packages: string[] = []): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-pack-'))
  const pack = ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', folder]
  execFileSync('npx', pack, { cwd: sdk, stdio: 'pipe' })
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!)
  const installed = unpack(tarball, folder, packages)
  return { tarball, folder, installed, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Unpacks the tarball where `npm install` would put it, and links what it depends on from the workspace. */
function unpack(tarball: string, folder: string, packages: string[]): string {
  const target = join(folder, 'node_modules/@burstlet/monitoring')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target])
  const { dependencies, peerDependencies } = manifestIn(target)
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...packages]) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(sdk, 'node_modules', name)), link)
  }
  return target
}
