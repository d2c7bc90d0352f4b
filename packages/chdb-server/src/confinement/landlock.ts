import { closeSync, openSync, statSync } from 'node:fs'
import { DataType, load, open } from 'ffi-rs'

/** Rights of Landlock on files, as linux/landlock.h numbers them. */
const execute = 1n << 0n
const writeFile = 1n << 1n
const readFile = 1n << 2n
const readDir = 1n << 3n
const truncate = 1n << 14n
const ioctlDev = 1n << 15n
/** Rights that a file can have; the others are of folders. */
const ofFiles = execute | writeFile | readFile | truncate | ioctlDev

/** Bits of all rights that a version of the interface knows, by its first version. */
const rights: readonly (readonly [version: number, bits: number])[] = [
  [5, 16],
  [3, 15],
  [2, 14],
]
/** Linux 5.19. The first version forbids to move a file into another folder, which the engine does all the time. */
const leastVersion = 2

const connectTcp = 1n << 1n
const abstractSocketsAndSignals = 3n

const syscall = { createRuleset: 444, addRule: 445, restrictSelf: 446 }
const askVersion = 1
const pathBeneath = 1
const prSetNoNewPrivs = 38
const oPath = 0o10000000

/** What a program may reach. Paths that are missing are left out. */
export interface Reach {
  readonly read: readonly string[]
  /** Everything but to run programs. */
  readonly write: readonly string[]
  /** Programs that may be run. */
  readonly execute: readonly string[]
}

const library = 'libc'

/** The version of the interface, 0 where the kernel has none that serves. Loads the C library. */
export function landlockVersion(): number {
  if (process.platform !== 'linux') return 0
  try {
    open({ library: library, path: 'libc.so.6' })
    const version = systemCall(syscall.createRuleset, [0, 0, askVersion])
    return version >= leastVersion ? version : 0
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
  const all = (1n << BigInt(rights.find(([from]) => version >= from)![1])) - 1n
  const ruleset = Buffer.alloc(24)
  ruleset.writeBigUInt64LE(all, 0)
  ruleset.writeBigUInt64LE(version >= 4 ? connectTcp : 0n, 8)
  ruleset.writeBigUInt64LE(version >= 6 ? abstractSocketsAndSignals : 0n, 16)
  const size = version >= 6 ? 24 : version >= 4 ? 16 : 8
  const descriptor = checked('landlock_create_ruleset', systemCall(syscall.createRuleset, [ruleset, size, 0]))
  for (const path of reach.read) allow(descriptor, path, readFile | readDir)
  for (const path of reach.write) allow(descriptor, path, all & ~execute)
  for (const path of reach.execute) allow(descriptor, path, readFile | execute)
  const noNewPrivileges = load({
    library: library,
    funcName: 'prctl',
    retType: DataType.I32,
    paramsType: Array(5).fill(DataType.I64),
    paramsValue: [prSetNoNewPrivs, 1, 0, 0, 0],
  })
  checked('prctl', Number(noNewPrivileges))
  checked('landlock_restrict_self', systemCall(syscall.restrictSelf, [descriptor, 0]))
  closeSync(descriptor)
}

function allow(ruleset: number, path: string, rights: bigint): void {
  let descriptor: number
  try {
    descriptor = openSync(path, oPath)
  } catch {
    return
  }
  try {
    const rule = Buffer.alloc(12)
    rule.writeBigUInt64LE(statSync(path).isDirectory() ? rights : rights & ofFiles, 0)
    rule.writeInt32LE(descriptor, 8)
    checked(`landlock_add_rule ${path}`, systemCall(syscall.addRule, [ruleset, pathBeneath, rule, 0]))
  } finally {
    closeSync(descriptor)
  }
}

function systemCall(number: number, args: readonly (number | Buffer)[]): number {
  const types = args.map((value) => (typeof value === 'number' ? DataType.I64 : DataType.U8Array))
  return Number(
    load({
      library: library,
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
