import { readFile } from 'node:fs/promises'

/** Totals of one network interface since it came up: bytes, packets and errors in each direction. */
export interface NetworkSnapshot {
  interface: string
  receivedBytes: number
  receivedPackets: number
  receiveErrors: number
  receiveDropped: number
  transmittedBytes: number
  transmittedPackets: number
  transmitErrors: number
  transmitDropped: number
}

const maxInterfaces = 64

/**
 * Reads the totals of each network interface but loopback. Only Linux tells them without running a program; elsewhere the
 * answer is an empty list.
 */
export async function readNetwork(): Promise<NetworkSnapshot[]> {
  if (process.platform !== 'linux') return []
  try {
    return parseNetDev(await readFile('/proc/net/dev', 'utf8'))
  } catch {
    return []
  }
}

/** Reads the table of /proc/net/dev. */
export function parseNetDev(text: string): NetworkSnapshot[] {
  const interfaces: NetworkSnapshot[] = []
  for (const line of text.split('\n').slice(2)) {
    const match = /^\s*(\S+):\s*(.+)$/.exec(line)
    if (match === null || match[1] === 'lo') continue
    const numbers = (match[2] ?? '').trim().split(/\s+/).map(Number)
    const at = (index: number) => numbers[index] ?? 0
    interfaces.push({
      interface: match[1] ?? '',
      receivedBytes: at(0),
      receivedPackets: at(1),
      receiveErrors: at(2),
      receiveDropped: at(3),
      transmittedBytes: at(8),
      transmittedPackets: at(9),
      transmitErrors: at(10),
      transmitDropped: at(11),
    })
  }
  return interfaces.slice(0, maxInterfaces)
}
