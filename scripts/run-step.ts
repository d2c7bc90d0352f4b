import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/**
 * Runs one program of a package's `node_modules/.bin` to its end, with a line that says what it is and how long it took;
 * ends the process when it fails.
 * @param folder the package, relative to the root
 */
export async function run(title: string, program: string, args: string[], folder = '.'): Promise<void> {
  const started = performance.now()
  process.stderr.write(`▸ ${title}\n`)
  const child = spawn(join(root, folder, 'node_modules/.bin', program), args, {
    cwd: join(root, folder),
    stdio: 'inherit',
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)\n`)
  if (code !== 0) process.exit(code)
}
