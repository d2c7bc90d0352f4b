import type { AddressInfo } from 'node:net'
import { logger, metrics, trace } from '@burstlet/monitoring'
import express from 'express'
import pino from 'pino'
import winston from 'winston'

// An Express 5 app in ESM. /chain calls the service at UPSTREAM.
const log = pino()
const winstonLog = winston.createLogger({ transports: [new winston.transports.Console()] })
const orders = metrics.counter('orders.placed', { unit: '{order}', description: 'Orders placed' })
const basket = metrics.summary('basket.value', { unit: 'EUR' })
const size = metrics.histogram('basket.size')
const stock = metrics.gauge('stock.level')

const app = express()
app.use((_request, _response, next) => next())
app.get('/orders/:id', async (request, response) => {
  log.info({ orderId: request.params.id }, 'pino speaks')
  winstonLog.warn('winston speaks', { orderId: request.params.id })
  logger.error('logger speaks', { orderId: request.params.id, nested: { deep: [1, 'two'] } })
  logger.debug('never sent')
  await trace('price order', { attributes: { 'order.id': request.params.id } }, async () => {
    orders.add(1, { plan: 'pro' })
    basket.record(42.5)
    size.record(3)
    stock.record(7)
  })
  response.json({ ok: true })
})
app.get('/chain/:id', async (request, response) => {
  const answer = await fetch(`${process.env['UPSTREAM']}/videos/${request.params.id}`)
  response.status(answer.status).json(await answer.json())
})
app.get('/fail', () => {
  throw new Error('this route fails')
})
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
