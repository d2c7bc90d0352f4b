import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export const collectorVersion = '0.161.0'
const builder = `go.opentelemetry.io/collector/cmd/builder@v${collectorVersion}`

/**
 * The path of the Collector's program, built on the first call (minutes) and kept in the user's cache folder.
 * `undefined` where there is no Go to build it with.
 * @throws when the build fails
 */
export async function buildCollector(onStatus: (line: string) => void): Promise<string | undefined> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
  const folder = join(cache, 'burstlet-bench', `collector-${collectorVersion}`)
  const finished = join(folder, 'otelcol-bench')
  if (existsSync(finished)) return finished
  if ((await run('go', ['version'], folder, 'ignore')) !== 0) {
    onStatus('no Go on this machine: the Collector is left out')
    return undefined
  }
  onStatus(`building the Collector ${collectorVersion}, once, a few minutes ...`)
  const output = join(folder, 'build')
  const template = readFileSync(new URL('builder.yaml', import.meta.url), 'utf8')
  writeFileSync(
    join(folder, 'builder.yaml'),
    template.replace('dist:\n', `dist:\n  output_path: ${JSON.stringify(output)}\n`),
  )
  const code = await run('go', ['run', builder, '--config', 'builder.yaml'], folder, 'inherit')
  if (code !== 0) throw new Error(`building the Collector ended with code ${code}`)
  // Moved only when whole, so that a build that was cut short is never taken for a finished one.
  renameSync(join(output, 'otelcol-bench'), finished)
  return finished
}

/** The exit code; 127 when there is no such program. */
function run(program: string, args: string[], folder: string, output: 'ignore' | 'inherit'): Promise<number> {
  mkdirSync(folder, { recursive: true })
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output] })
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(127) : reject(error)))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
