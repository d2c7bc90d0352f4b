import { captureError, logger, metrics, trace } from '@burstlet/monitoring'

// A program that does one thing and ends the way its first argument says.
const [, , how = 'return', code = '0'] = process.argv
process.exitCode = Number(code)
trace('short work', () => {
  metrics.counter('short.runs').add(1)
  logger.info('short speaks')
})
captureError(new TypeError('handled'), { during: 'short work' })
if (how === 'throw') {
  // What a module throws at its top is a rejection to Node.
  setImmediate(() => {
    throw new RangeError('nobody catches this')
  })
}
if (how === 'reject') void Promise.reject(new RangeError('nobody catches this rejection'))
if (how === 'exit') process.exit(Number(code))
if (how === 'exit-later') setTimeout(() => process.exit(Number(code)), 300)
if (how === 'wait') {
  setInterval(() => {}, 1000)
  process.stdout.write('http://waiting\n')
}
if (how === 'own-handler') {
  const timer = setInterval(() => {}, 1000)
  process.once('SIGTERM', () => {
    clearInterval(timer)
    process.exitCode = 7
  })
  process.stdout.write('http://waiting\n')
}
