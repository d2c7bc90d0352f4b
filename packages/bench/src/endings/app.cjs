// A small service that answers itself a few requests and then ends the way its first argument says. Just before, it prints the
// machine's monotonic clock in nanoseconds; for a signal, that it is ready for one. It knows nothing of monitoring.
const { createServer, request } = require('node:http')
const { writeSync } = require('node:fs')

const ending = process.argv[2]
const server = createServer((_request, response) => response.end('ok'))
const ask = () =>
  new Promise((resolve, reject) => {
    const sent = request({ port: server.address().port, agent: false }, (response) =>
      response.resume().on('end', resolve),
    )
    sent.on('error', reject).end()
  })
const tell = () => writeSync(1, `${process.hrtime.bigint()}\n`)

const endings = {
  return() {
    process.exitCode = 3
    tell()
    server.close()
  },
  'process.exit'() {
    tell()
    process.exit(5)
  },
  SIGTERM: tell,
  SIGINT: tell,
  'SIGTERM with a listener'() {
    process.once('SIGTERM', () => {
      process.exitCode = 7
      server.close()
    })
    tell()
  },
  'uncaught error'() {
    setImmediate(() => {
      tell()
      throw new RangeError('nobody catches this')
    })
  },
  'unhandled rejection'() {
    tell()
    void Promise.reject(new RangeError('nobody catches this'))
  },
}

server.listen(0, '127.0.0.1', async () => {
  for (let i = 0; i < 20; i++) await ask()
  endings[ending]()
})
