import type { AddressInfo } from 'node:net'
import { trace } from '@burstlet/monitoring'
import express from 'express'

const app = express()
app.get('/orders/:id', (_request, response) => {
  trace('price order', () => response.json({ ok: true }))
})
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
