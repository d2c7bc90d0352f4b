import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

interface Address {
  readonly host: string
  readonly port: number
}

/**
 * Listens there, and says in words when the port is taken.
 * @param setting that the port comes from
 * @param open starts listening, and tells the port
 * @returns the address that this machine reaches it at
 */
export async function listen(
  address: Address,
  setting: `MONITORING_${string}_PORT`,
  open: (address: Address) => Promise<number>,
): Promise<string> {
  const port = await open(address).catch((error: unknown) => {
    if (!(error instanceof Error && /EADDRINUSE/.test(`${'code' in error ? error.code : ''} ${error.message}`)))
      throw error
    throw new Error(
      `Port ${address.port} on ${address.host} is taken by another program; choose another with ${setting}.`,
    )
  })
  return addressOf(address.host, port)
}

/** Starts listening. @returns the port */
export async function listenHttp(app: FastifyInstance, address: Address): Promise<number> {
  await app.listen(address)
  return (app.server.address() as AddressInfo).port
}

/** The address that this machine reaches a server at. */
export function addressOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}
