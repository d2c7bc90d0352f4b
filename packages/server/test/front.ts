import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A port before a store, so that the store can be away for those who use it. */
export interface Front {
  /** The store's own address with this port. */
  readonly url: string
  /** Takes connections again, on the same port. */
  open(): Promise<void>
  /** Ends all connections, and refuses more. */
  close(): Promise<void>
}

/** @param url of a store on 127.0.0.1 */
export async function openFront(url: string): Promise<Front> {
  const target = Number(new URL(url).port)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const behind = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      sockets.add(one)
      one
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
      one.pipe(other)
    }
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { port: String(port) }).href,
    open: () => listen(port),
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
