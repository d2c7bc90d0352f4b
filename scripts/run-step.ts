import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/**
 * Runs one program of a package's `node_modules/.bin` to its end, with a line that says what it is and how long it took.
 * @param folder the package, relative to the root
 * @param environment added to that of this process
 * @returns whether it succeeded
 */
export async function attempt(
  title: string,
  program: string,
  args: string[],
  { folder = '.', environment = {} }: { folder?: string; environment?: Record<string, string> } = {},
): Promise<boolean> {
  const started = performance.now()
  process.stderr.write(`▸ ${title}\n`)
  const child = spawn(join(root, folder, 'node_modules/.bin', program), args, {
    cwd: join(root, folder),
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stderr.write(`${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)\n`)
  return code === 0
}

/** Runs one program as `attempt` does, and ends the process when it fails. */
export async function run(title: string, program: string, args: string[], folder = '.'): Promise<void> {
  if (!(await attempt(title, program, args, { folder }))) process.exit(1)
}
