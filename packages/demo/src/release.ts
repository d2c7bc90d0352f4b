import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The REST API, and a key for it. */
export interface Api {
  url: string
  key: string
}

interface Manifest {
  version: string
  bin: Record<string, string>
}
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest

/** What the site is built as. */
export const demoRelease = read(join(import.meta.dirname, '../package.json')).version

/**
 * Tells the backend of the release, with the command that a pipeline would run: the source maps of the site, and a mark on the
 * charts.
 * @param folder what the site was built into
 */
export async function announceRelease({ url, key }: Api, folder: string): Promise<void> {
  const sdk = fileURLToPath(import.meta.resolve('@burstlet/monitoring/package.json'))
  const program = join(dirname(sdk), read(sdk).bin['burstlet-monitoring'] ?? '')
  const release = ['--service', 'web', '--release', demoRelease]
  const options = { env: { ...process.env, MONITORING_URL: url, MONITORING_API_KEY: key } }
  await run(process.execPath, [program, 'upload-source-maps', folder, ...release], options)
  await run(process.execPath, [program, 'record-deployment', ...release, '--environment', 'demo'], options)
}
