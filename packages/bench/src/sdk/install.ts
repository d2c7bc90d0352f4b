import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { autocannonVersion, frameworks, type SdkSubject } from './subjects.ts'

const apps = join(import.meta.dirname, 'apps')

/** A folder for each subject, so that none finds a package of another; installed once per list of versions. */
export function installSubject(home: string, { name, packages }: SdkSubject): string {
  const folder = join(home, name.replaceAll(/\W+/g, '-'))
  install(folder, { ...frameworks, ...packages })
  cpSync(apps, folder, { recursive: true })
  return folder
}

/** The load generator. It is not one of the workspace's packages, since nothing else needs it. */
export function installAutocannon(home: string): string {
  const folder = join(home, 'load')
  install(folder, { autocannon: autocannonVersion })
  return join(folder, 'node_modules/autocannon/autocannon.js')
}

/** The tarball of this repository's SDK. @throws where `npm run pack:sdk` was not run before */
export function findTarball(root: string): string {
  const folder = join(root, 'dist')
  const found = existsSync(folder)
    ? readdirSync(folder).find((name) => /^burstlet-monitoring-.*\.tgz$/.test(name))
    : undefined
  if (found === undefined) throw new Error('There is no dist/burstlet-monitoring-*.tgz; run `npm run pack:sdk` first')
  return join(folder, found)
}

function install(folder: string, dependencies: Record<string, string>): void {
  const manifest = JSON.stringify({ private: true, dependencies }, null, 2)
  const file = join(folder, 'package.json')
  const isLocal = Object.values(dependencies).some((version) => version.startsWith('file:'))
  if (!isLocal && existsSync(join(folder, 'node_modules')) && readFileSync(file, 'utf8') === manifest) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, manifest)
  // npm takes a tarball of the same name and version for the one that it has.
  if (isLocal) rmSync(join(folder, 'node_modules/@burstlet'), { recursive: true, force: true })
  const options = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--prefer-offline']
  const { status, stderr } = spawnSync('npm', options, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm install in ${folder} failed:\n${stderr.slice(-2000)}`)
}
