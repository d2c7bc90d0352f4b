import { fstatSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { confineProcess } from './confinement/confine.ts'
import { Engine } from './engine/engine.ts'
import { createHttpServer } from './http/server.ts'
import { Users } from './http/users.ts'
import { logLine } from './log.ts'
import { parseOptions, usage } from './options.ts'

// libuv reads it when its pool is first used: every running statement holds one of its threads.
process.env['UV_THREADPOOL_SIZE'] ??= '24'

// Tables are for the owner of this process alone.
process.umask(0o077)

/** Milliseconds for running statements to end after a signal. */
const stopPatience = 5_000

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2))
  confineProcess(options, (reason) => logLine('warn', 'the engine is not confined to its own files', { reason }))
  const engine = await Engine.open(options)
  const users = new Users()
  const server = createHttpServer({
    engine,
    users,
    localFiles: options.localFiles,
    onFault: (error) => logLine('error', 'a request failed', { error: String(error) }),
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })

  let stopping = false
  const stop = (reason: string) => {
    if (stopping) return
    stopping = true
    logLine('info', 'stopping', { reason })
    void shutDown()
  }
  async function shutDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    // A statement that outlasts the patience is cancelled by closing its connection.
    const impatient = setTimeout(() => server.closeAllConnections(), stopPatience)
    await closed
    clearTimeout(impatient)
    await engine.close()
    process.exit(0)
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  stopWithParent(() => stop('stdin was closed'))

  const { port } = server.address() as AddressInfo
  const { writer, reader, guest } = users
  const ready = { url: `http://127.0.0.1:${port}`, version: engine.version, users: { writer, reader, guest } }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

/** A parent holds the other end of stdin, so its death, however it came, is the end of stdin. */
function stopWithParent(stop: () => void): void {
  const stdin = fstatSync(0)
  if (!stdin.isFIFO() && !stdin.isSocket()) return // /dev/null or a terminal
  process.stdin.once('end', stop).once('close', stop).once('error', stop).resume()
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  logLine('error', message, message.startsWith('--') ? { usage: usage } : {})
  process.exitCode = 1
})
