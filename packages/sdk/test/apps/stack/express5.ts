import type { AddressInfo } from 'node:net'
import { health } from '@burstlet/monitoring'
import { errorMonitoring, requestMonitoring } from '@burstlet/monitoring/express'
import express from 'express'
import { beSlow, fail, passOn, placeOrder, whoIs } from './work.ts'

const app = express()
app.use(requestMonitoring({ identify: (request) => whoIs(request.headers) }))
app.get('/orders/:id', (request, response) => void response.json(placeOrder(request.params.id)))
app.get('/slow', async (_request, response) => void response.json(await beSlow()))
app.get('/fail', () => fail())
app.get('/chain', async (_request, response) => void response.json(await passOn()))
app.get('/health', health.handler())
app.use(errorMonitoring())
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
