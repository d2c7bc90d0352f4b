import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run-step.ts'

const source = join(import.meta.dirname, 'shifted-clock.c')

/**
 * Compiles the library that moves the clock, unless that was done before, and answers its path. Installs the compiler
 * where it may.
 * @throws Error with one line that says what is missing
 */
export function shiftedClock(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `test:clock moves the clock on Linux on x86-64 only; this is ${process.platform} on ${process.arch}`,
    )
  }
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const folder = join(root, 'node_modules/.cache/shifted-clock')
  const library = join(folder, `${hash}.so`)
  if (existsSync(library)) return library
  if (!hasCompiler()) installCompiler()
  mkdirSync(folder, { recursive: true })
  const staging = join(folder, `${process.pid}.so`)
  const options = ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', staging, source]
  const { status, stderr } = spawnSync('cc', options, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`cc ${options.join(' ')} failed:\n${stderr}`)
  renameSync(staging, library)
  return library
}

/** A compiler alone is not enough: libc's headers are a package of their own. */
function hasCompiler(): boolean {
  const options = ['-fsyntax-only', '-x', 'c', '-']
  return spawnSync('cc', options, { input: '#include <pthread.h>', stdio: ['pipe', 'ignore', 'ignore'] }).status === 0
}

function installCompiler(): void {
  const missing = 'test:clock needs a C compiler and the headers of libc (on Debian: apt-get install gcc libc6-dev)'
  if (process.getuid?.() !== 0) throw new Error(`${missing}, and may not install them: it does not run as root`)
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'gcc', 'libc6-dev']]) {
    const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 2, 2] })
    if (error) throw new Error(`${missing}, and cannot install them: there is no apt-get`)
    if (status !== 0) throw new Error(`${missing}, and could not install them: apt-get ${args.join(' ')} failed`)
  }
}
