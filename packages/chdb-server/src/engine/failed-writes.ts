import { addressOf, linkMapOf, placeCode, readMemory, writeMemory } from './native-memory.ts'

/**
 * chDB ignores it when a file cannot be written: where ClickHouse throws, its `WriteBufferFromFileDescriptor::nextImpl`
 * leaves the bytes out and goes on. On a full disk it so commits parts whose files are empty, answers inserts that it did
 * not keep, and deletes what it merged. Nothing outside can make it throw, but it can be made to end: a process that is
 * killed in the midst of a write loses nothing that it answered. So the engine's `write` is replaced by one that ends the
 * process, with the error's number as its exit code, when a file cannot be written.
 */

/** `write(fd, bytes, length)` for the processor; `rest` is libc's, which is called again to set errno for other errors. */
const replacements: Readonly<Record<string, (rest: bigint) => Buffer>> = {
  x64: (rest) =>
    code(
      'b801000000', //              mov    eax, 1        write
      '0f05', //                    syscall
      '4885c0', //                  test   rax, rax
      '7801', //                    js     failed
      'c3', //                      ret
      '83ff02', //          failed: cmp    edi, 2        stdout and stderr may fail
      '7e1e', //                    jle    other
      '4883f8fb7424', //            cmp    rax, -5;   je die
      '4883f8e5741e', //            cmp    rax, -27;  je die
      '4883f8e47418', //            cmp    rax, -28;  je die
      '4883f8e27412', //            cmp    rax, -30;  je die
      '4883f886740c', //            cmp    rax, -122; je die
      '48b8', //             other: movabs rax, rest
      rest,
      'ffe0', //                    jmp    rax
      'f7d8', //               die: neg    eax
      '89c7', //                    mov    edi, eax
      'b8e7000000', //              mov    eax, 231      exit_group
      '0f05', //                    syscall
    ),
  arm64: (rest) =>
    code(
      'e90300aa', //                mov    x9, x0
      '080880d2', //                mov    x8, #64       write
      '010000d4', //                svc    #0
      '4000f8b7', //                tbnz   x0, #63, failed
      'c0035fd6', //                ret
      '3f0900f1', //        failed: cmp    x9, #2        stdout and stderr may fail
      '8d010054', //                b.le   other
      'ea0300cb', //                neg    x10, x0
      '5f1500f180010054', //        cmp    x10, #5;   b.eq die
      '5f6d00f140010054', //        cmp    x10, #27;  b.eq die
      '5f7100f100010054', //        cmp    x10, #28;  b.eq die
      '5f7900f1c0000054', //        cmp    x10, #30;  b.eq die
      '5fe901f180000054', //        cmp    x10, #122; b.eq die
      'e00309aa', //         other: mov    x0, x9
      'b0000058', //                ldr    x16, rest
      '00021fd6', //                br     x16
      'e0030aaa', //           die: mov    x0, x10
      'c80b80d2', //                mov    x8, #94       exit_group
      '010000d4', //                svc    #0
      rest,
    ),
}

function code(...parts: (string | bigint)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : word(part))))
}

function word(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

/**
 * Makes the loaded library end this process when it cannot write a file. Its exit codes: `writeErrors`.
 * @returns false where that is not known how to be done (another system or processor than Linux on x64 and arm64)
 * @throws Error when the library does not import `write` as it is expected to
 */
export function endAtFailedWrites(libraryPath: string): boolean {
  const replacement = process.platform === 'linux' ? replacements[process.arch] : undefined
  if (replacement === undefined) return false
  const slots = importSlots(libraryPath, 'write')
  if (slots.length === 0) throw new Error(`${libraryPath} does not import write()`)
  const address = placeCode(replacement(BigInt(addressOf('write'))))
  for (const slot of slots) writeMemory(slot, word(BigInt(address)))
  return true
}

/** Tags of ELF's dynamic section. */
const dtPltrelsz = 2
const dtStrtab = 5
const dtSymtab = 6
const dtJmprel = 23

/** Addresses at which a loaded library keeps the address of a function that it calls (System V ABI: the PLT's relocations). */
function importSlots(libraryPath: string, name: string): number[] {
  // struct link_map: what to add to addresses in the file, the name, the dynamic section.
  const linkMap = readMemory(linkMapOf(libraryPath), 24)
  const base = Number(linkMap.readBigUInt64LE(0))
  const dynamic = dynamicSection(Number(linkMap.readBigUInt64LE(16)))
  const tag = (number: number) => dynamic.get(number) ?? 0
  // glibc has turned offsets into addresses already, where the section may be written to.
  const absolute = (address: number) => (address < base ? base + address : address)
  const symbols = absolute(tag(dtSymtab))
  const names = absolute(tag(dtStrtab))
  const relocations = readMemory(absolute(tag(dtJmprel)), tag(dtPltrelsz))
  const slots: number[] = []
  for (let at = 0; at + 24 <= relocations.length; at += 24) {
    const symbol = readMemory(symbols + 24 * relocations.readUInt32LE(at + 12), 4).readUInt32LE(0)
    const matches = readMemory(names + symbol, name.length + 1).toString('latin1') === `${name}\0`
    if (matches) slots.push(base + Number(relocations.readBigUInt64LE(at)))
  }
  return slots
}

function dynamicSection(address: number): Map<number, number> {
  const entries = new Map<number, number>()
  for (let at = address; ; at += 16) {
    const entry = readMemory(at, 16)
    const tag = Number(entry.readBigInt64LE(0))
    if (tag === 0) return entries
    entries.set(tag, Number(entry.readBigUInt64LE(8)))
  }
}
