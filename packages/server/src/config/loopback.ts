import { BlockList, isIPv4, isIPv6 } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether only this machine reaches a server that listens on `address` (a name or an IP, without port). */
export function isLoopbackAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '')
  if (isIPv4(bare)) return loopback.check(bare, 'ipv4')
  if (isIPv6(bare)) return loopback.check(bare, 'ipv6')
  return bare.toLowerCase() === 'localhost'
}

/** Whether a request's Host header names this machine's loopback. A name that an attacker's DNS points here does not. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return false
  try {
    return isLoopbackAddress(new URL(`http://${host}`).hostname)
  } catch {
    return false
  }
}
