import { closeSync, openSync, statSync } from 'node:fs'
import { DataType, load, open } from 'ffi-rs'

/** Rights of Landlock on files, as linux/landlock.h numbers them. */
const EXECUTE = 1n << 0n
const WRITE_FILE = 1n << 1n
const READ_FILE = 1n << 2n
const READ_DIR = 1n << 3n
const TRUNCATE = 1n << 14n
const IOCTL_DEV = 1n << 15n
/** Rights that a file can have; the others are of folders. */
const OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

/** Bits of all rights that a version of the interface knows, by its first version. */
const RIGHTS: readonly (readonly [version: number, bits: number])[] = [
  [5, 16],
  [3, 15],
  [2, 14],
]
/** Linux 5.19. The first version forbids to move a file into another folder, which the engine does all the time. */
const LEAST_VERSION = 2

const CONNECT_TCP = 1n << 1n
const ABSTRACT_SOCKETS_AND_SIGNALS = 3n

const SYSCALL = { createRuleset: 444, addRule: 445, restrictSelf: 446 }
const ASK_VERSION = 1
const PATH_BENEATH = 1
const PR_SET_NO_NEW_PRIVS = 38
const O_PATH = 0o10000000

/** What a program may reach. Paths that are missing are left out. */
export interface Reach {
  readonly read: readonly string[]
  /** Everything but to run programs. */
  readonly write: readonly string[]
  /** Programs that may be run. */
  readonly execute: readonly string[]
}

const LIBRARY = 'libc'

/** The version of the interface, 0 where the kernel has none that serves. Loads the C library. */
export function landlockVersion(): number {
  if (process.platform !== 'linux') return 0
  try {
    open({ library: LIBRARY, path: 'libc.so.6' })
    const version = systemCall(SYSCALL.createRuleset, [0, 0, ASK_VERSION])
    return version >= LEAST_VERSION ? version : 0
  } catch {
    return 0
  }
}

/**
 * Confines the calling thread, and what it executes from now on, to `reach`: no other file can be opened, no TCP connection made
 * (from version 4 on), no process outside signalled (from version 6 on). Threads that run already are not confined, so the process
 * has to replace itself after this. There is no way back.
 * @throws Error when the kernel refuses, which then has changed nothing
 */
export function confineThread(version: number, reach: Reach): void {
  const all = (1n << BigInt(RIGHTS.find(([from]) => version >= from)![1])) - 1n
  const ruleset = Buffer.alloc(24)
  ruleset.writeBigUInt64LE(all, 0)
  ruleset.writeBigUInt64LE(version >= 4 ? CONNECT_TCP : 0n, 8)
  ruleset.writeBigUInt64LE(version >= 6 ? ABSTRACT_SOCKETS_AND_SIGNALS : 0n, 16)
  const size = version >= 6 ? 24 : version >= 4 ? 16 : 8
  const descriptor = checked('landlock_create_ruleset', systemCall(SYSCALL.createRuleset, [ruleset, size, 0]))
  for (const path of reach.read) allow(descriptor, path, READ_FILE | READ_DIR)
  for (const path of reach.write) allow(descriptor, path, all & ~EXECUTE)
  for (const path of reach.execute) allow(descriptor, path, READ_FILE | EXECUTE)
  const noNewPrivileges = load({
    library: LIBRARY,
    funcName: 'prctl',
    retType: DataType.I32,
    paramsType: Array(5).fill(DataType.I64),
    paramsValue: [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0],
  })
  checked('prctl', Number(noNewPrivileges))
  checked('landlock_restrict_self', systemCall(SYSCALL.restrictSelf, [descriptor, 0]))
  closeSync(descriptor)
}

function allow(ruleset: number, path: string, rights: bigint): void {
  let descriptor: number
  try {
    descriptor = openSync(path, O_PATH)
  } catch {
    return
  }
  try {
    const rule = Buffer.alloc(12)
    rule.writeBigUInt64LE(statSync(path).isDirectory() ? rights : rights & OF_FILES, 0)
    rule.writeInt32LE(descriptor, 8)
    checked(`landlock_add_rule ${path}`, systemCall(SYSCALL.addRule, [ruleset, PATH_BENEATH, rule, 0]))
  } finally {
    closeSync(descriptor)
  }
}

function systemCall(number: number, args: readonly (number | Buffer)[]): number {
  const types = args.map((value) => (typeof value === 'number' ? DataType.I64 : DataType.U8Array))
  return Number(
    load({
      library: LIBRARY,
      funcName: 'syscall',
      retType: DataType.I64,
      paramsType: [DataType.I64, ...types],
      paramsValue: [number, ...args],
    }),
  )
}

function checked(what: string, result: number): number {
  if (result < 0) throw new Error(`${what} failed`)
  return result
}
