import { mkdirSync, openSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { neededEnvironment } from '../environment.ts'
import type { Options } from '../options.ts'
import { confineThread, landlockVersion } from './landlock.ts'
import { ownProcess, reachOf } from './reach.ts'

const mark = 'CHDB_SERVER_CONFINED'

/**
 * Confines the process to its own files by the kernel's Landlock, whatever SQL will say: it starts itself again, confined from its
 * first thread on, under the same process id. Does nothing in the process that was started so.
 * @param onUnconfined is told why the process goes on unconfined
 */
export function confineProcess(options: Options, onUnconfined: (reason: string) => void): void {
  if (process.env[mark] === String(process.pid)) {
    holdOwnProcess()
    return
  }
  // Node keeps what it compiled, which is all of the program by now, when a process ends. This one does not, and the confined one may
  // not write there.
  flushCompileCache()
  const failure = confine(options)
  if (failure !== undefined) {
    onUnconfined(failure)
    return
  }
  process.execve!(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...neededEnvironment(),
    [mark]: String(process.pid),
    // Its own file cannot be read any more, which Node takes for a mistake.
    OPENSSL_CONF: '/dev/null',
  })
}

/** Gives the reason when it cannot be. */
function confine(options: Options): string | undefined {
  const version = landlockVersion()
  if (version === 0) return 'this system has no Landlock (Linux 5.19 or newer)'
  // A rule needs the folder.
  mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 })
  try {
    confineThread(version, reachOf(options))
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** A rule is of an inode, and the kernel makes those of /proc anew when it needs the memory, unless somebody holds them. */
function holdOwnProcess(): void {
  try {
    openSync(ownProcess, 'r')
  } catch {
    // The engine does without.
  }
}
