import { crc32 } from 'node:zlib'

/**
 * CRC-32 is linear: a bit at a distance from the end changes the checksum by a value that depends on that distance alone.
 * So both searches here walk once from the end to the beginning.
 */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

/** What another byte behind it makes of a value. */
const oneFurther = (value: number) => (value >>> 8) ^ (table[value & 0xff] ?? 0)

/** The bytes with the one bit turned back that makes their checksum `crc`; undefined when there is no such bit. */
export function withBitTurned(bytes: Buffer, crc: number): Buffer | undefined {
  const difference = (crc32(bytes) ^ crc) >>> 0
  const bits = Uint32Array.from({ length: 8 }, (_, bit) => table[1 << bit] ?? 0)
  for (let at = bytes.length - 1; at >= 0; at--) {
    const bit = bits.indexOf(difference)
    if (bit >= 0) {
      const turned = Buffer.from(bytes)
      turned[at] = (turned[at] ?? 0) ^ (1 << bit)
      return turned
    }
    for (let i = 0; i < 8; i++) bits[i] = oneFurther(bits[i] ?? 0)
  }
  return undefined
}

/** Where the longest tail of `bytes` begins that has this checksum; undefined when none has. The empty tail does not count. */
export function tailWithChecksum(bytes: Buffer, crc: number): number | undefined {
  const bits = Uint32Array.from({ length: 8 }, (_, bit) => table[1 << bit] ?? 0)
  let found: number | undefined
  let content = 0
  let start = 0xffffffff
  for (let at = bytes.length - 1; at >= 0; at--) {
    let byte = bytes[at] ?? 0
    for (let bit = 0; byte !== 0; bit++, byte >>>= 1) if (byte & 1) content ^= bits[bit] ?? 0
    start = oneFurther(start)
    if ((content ^ start ^ 0xffffffff) >>> 0 === crc) found = at
    for (let i = 0; i < 8; i++) bits[i] = oneFurther(bits[i] ?? 0)
  }
  return found
}
