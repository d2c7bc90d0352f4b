import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export const root = join(import.meta.dirname, '..')

export interface StepOptions {
  /** The package, relative to the root. */
  readonly folder?: string
  /** Added to that of this process. */
  readonly environment?: Record<string, string>
  /** Says nothing, and shows what the program wrote only when it fails. */
  readonly isQuiet?: boolean
}

/**
 * Runs one program of a package's `node_modules/.bin` to its end, with a line that says what it is and how long it took.
 * @returns whether it succeeded
 */
export async function attempt(
  title: string,
  program: string,
  args: string[],
  { folder = '.', environment = {}, isQuiet = false }: StepOptions = {},
): Promise<boolean> {
  const started = performance.now()
  if (!isQuiet) process.stderr.write(`▸ ${title}\n`)
  const child = spawn(join(root, folder, 'node_modules/.bin', program), args, {
    cwd: join(root, folder),
    stdio: isQuiet ? ['ignore', 'pipe', 'inherit'] : 'inherit',
    env: { ...process.env, ...environment },
  })
  const written = child.stdout ? text(child.stdout) : ''
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (exitCode) => resolve(exitCode ?? 1))
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (isQuiet && code === 0) return true
  process.stderr.write(`${await written}${code === 0 ? '✓' : '✗'} ${title} (${seconds} s)\n`)
  return code === 0
}

/** Runs one program as `attempt` does, and ends the process when it fails. */
export async function run(title: string, program: string, args: string[], folder = '.'): Promise<void> {
  if (!(await attempt(title, program, args, { folder }))) process.exit(1)
}
