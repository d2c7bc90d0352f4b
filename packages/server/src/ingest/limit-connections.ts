import type { Server, Socket } from 'node:net'
import { peerName } from './bodies/sender-budgets.ts'

/** Beyond, new connections are closed at once: each costs memory, and somebody who opens them for nothing should not take it all. */
const maxConnections = 20_000
/** Of one peer, so that it leaves some for others. */
const maxOfPeer = 12_000

/** Bounds the connections of a server, and those of each peer. */
export function limitConnections(server: Server): void {
  const counts = new Map<string, number>()
  server.maxConnections = maxConnections
  server.prependListener('connection', (socket: Socket) => {
    const name = peerName(socket.remoteAddress)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    socket.once('close', () => {
      const rest = counts.get(name)! - 1
      if (rest > 0) counts.set(name, rest)
      else counts.delete(name)
    })
    if (count > maxOfPeer) socket.destroy()
  })
}
