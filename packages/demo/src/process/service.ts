import type { AddressInfo, Server } from 'node:net'

/** What a service tells the demo once it is ready. Services without an address send an empty url. */
export interface Ready {
  url: string
}

/** Says that the service is ready, and stops it when asked: by SIGTERM, SIGINT, or because the demo is gone. */
export function runService(ready: Ready, stop: () => Promise<void>): void {
  let stopping = false
  const end = () => {
    if (stopping) return
    stopping = true
    void stop().finally(() => {
      // The channel to the demo is what keeps the process alive now; without it the process ends by itself, and the
      // SDK sends what is left.
      if (process.connected) process.disconnect()
    })
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
  if (process.connected) process.send?.(ready)
  else end()
}

/** The address of a server that listens on loopback. */
export function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

/** A setting that the demo hands to its services; without it the service cannot run. */
export function required(variable: string): string {
  const value = process.env[variable]
  if (value === undefined || value === '') throw new Error(`${variable} is not set; services are started by main.ts`)
  return value
}
