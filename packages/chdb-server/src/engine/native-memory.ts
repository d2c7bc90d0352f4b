import { DataType, type FieldType, load, open } from 'ffi-rs'

/** What is loaded in this process already, its C library among it. */
const process = 'process'

const { I32, I64, String: Text, U8Array, U64, Void } = DataType
const protRead = 1
const protWrite = 2
const protExec = 4
const mapPrivate = 0x02
const mapAnonymous = 0x20
const rtldLazy = 1
const rtldNoload = 4

/** Addresses are numbers: they have 48 bits. */
function call(funcName: string, retType: FieldType, paramsType: FieldType[], paramsValue: unknown[]): number {
  open({ library: process, path: '' })
  return load({ library: process, funcName, retType, paramsType, paramsValue }) as unknown as number
}

/** Address of a function of this process. */
export function addressOf(name: string): number {
  const address = call('dlsym', I64, [I64, Text], [0, name])
  if (address === 0) throw new Error(`there is no function ${name}`)
  return address
}

/** Address of glibc's `link_map` of a library that is loaded already. */
export function linkMapOf(path: string): number {
  const handle = call('dlopen', I64, [Text, I32], [path, rtldLazy | rtldNoload])
  if (handle === 0) throw new Error(`${path} is not loaded`)
  return handle
}

export function readMemory(address: number, length: number): Buffer {
  const copy = Buffer.alloc(length)
  call('memcpy', Void, [U8Array, I64, U64], [copy, address, length])
  return copy
}

/** Overwrites bytes within a page, which can be written to from then on. */
export function writeMemory(address: number, bytes: Buffer): void {
  const pageSize = call('getpagesize', I32, [], [])
  protect(address - (address % pageSize), pageSize, protRead | protWrite)
  call('memcpy', Void, [I64, U8Array, U64], [address, bytes, bytes.length])
}

/** Places machine code in memory of its own. @returns its address */
export function placeCode(code: Buffer): number {
  const address = call(
    'mmap',
    I64,
    [I64, U64, I32, I32, I32, I64],
    [0, code.length, protRead | protWrite, mapPrivate | mapAnonymous, -1, 0],
  )
  if (address === -1) throw new Error('there is no memory for code')
  call('memcpy', Void, [I64, U8Array, U64], [address, code, code.length])
  protect(address, code.length, protRead | protExec)
  return address
}

function protect(address: number, length: number, protection: number): void {
  const failed = call('mprotect', I32, [I64, U64, I32], [address, length, protection]) !== 0
  if (failed) throw new Error('the protection of memory cannot be changed')
}
