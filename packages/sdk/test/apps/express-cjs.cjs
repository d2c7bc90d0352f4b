const { logger, metrics, trace } = require('@burstlet/monitoring')
const express = require('express')
const pino = require('pino')
const winston = require('winston')

const log = pino()
const winstonLog = winston.createLogger({ transports: [new winston.transports.Console()] })
const orders = metrics.counter('orders.placed')
const app = express()
app.get('/orders/:id', (_request, response) => {
  trace('price order', () => {
    log.info('pino speaks')
    winstonLog.warn('winston speaks')
    logger.error('logger speaks')
    orders.add(1)
  })
  response.json({ ok: true })
})
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`)
})
