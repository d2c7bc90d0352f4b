import { execFileSync } from 'node:child_process'
import { init, logger, metrics, shutdown, trace } from '@burstlet/monitoring'

// Starts the SDK by hand with the configuration of its first argument, then does a little of everything.
init(JSON.parse(process.argv[2] ?? '{}'))

const runs = metrics.counter('runs')
const { createServer } = await import('node:http')
await trace('by hand', async () => {
  runs.add(1)
  logger.info('an information')
  logger.error('an error')
})
const server = createServer((_request, response) => response.end('ok'))
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
if (typeof address === 'object' && address !== null) await (await fetch(`http://127.0.0.1:${address.port}`)).text()
server.close()
if (process.env['SHOW_ENVIRONMENT'] === '1') process.stdout.write(execFileSync(process.execPath, ['-p', 'process.env']))
await shutdown()
