import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from '@clickhouse/client'
import { type ChdbServer, type StartOptions, startChdbServer } from '../src/start.ts'

/** A server on a folder of its own, with clients for its users and the database `test`. */
export interface RunningServer {
  server: ChdbServer
  folder: string
  writer: ClickHouseClient
  reader: ClickHouseClient
  clientWith(options: ClickHouseClientConfigOptions): ClickHouseClient
  /** A request without the client. */
  post(
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    query?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>
  stop(): Promise<void>
}

export async function startServer(options: Partial<StartOptions> = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chdb-server-'))
  const lines: string[] = []
  const onLog = (line: string) => {
    lines.push(line)
    options.onLog?.(line)
  }
  const server = await startChdbServer({ dataDirectory: join(folder, 'data'), ...options, onLog })
  const clients: ClickHouseClient[] = []
  const clientWith = (more: ClickHouseClientConfigOptions) => {
    const client = createClient({
      url: server.url,
      ...server.writer,
      database: 'test',
      log: { level: ClickHouseLogLevel.OFF },
      ...more,
    })
    clients.push(client)
    return client
  }
  const writer = clientWith({})
  await clientWith({ database: 'default' }).command({ query: 'CREATE DATABASE test ENGINE = Atomic' })
  const authorization = basic(server.writer)
  return {
    server,
    folder,
    writer,
    reader: clientWith(server.reader),
    clientWith,
    post: (body, query = {}, headers = {}) =>
      fetch(`${server.url}/?${new URLSearchParams({ database: 'test', ...query })}`, {
        method: 'POST',
        headers: { authorization, ...headers },
        body,
      }),
    stop: async () => {
      await Promise.all(clients.map((client) => client.close()))
      await server.stop()
      const { code, signal } = await server.exited
      if (code !== 0) {
        throw new Error(`the server ended with code ${code}, signal ${signal}:\n${lines.slice(-20).join('\n')}`)
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** Asks again until it is so; the test's own time limit ends it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** One value of one row. */
export async function oneValue(client: ClickHouseClient, query: string): Promise<string> {
  const result = await client.query({ query, format: 'TabSeparated' })
  return (await result.text()).trimEnd()
}
