import type { AddressInfo, Server } from 'node:net'
import { requestMonitoring as ofExpress } from '@burstlet/monitoring/express'
import { requestMonitoring as ofKoa } from '@burstlet/monitoring/koa'
import express from 'express'
import Koa from 'koa'

// What somebody writes in JavaScript: nothing, null, and words that are none.
const nonsense = { identify: 'ann', budgetMs: 'soon', idenitfy: () => ({}) } as never

let server: Server
if (process.argv[2] === 'koa') {
  const app = new Koa()
  app.use(ofKoa()).use(ofKoa(null)).use(ofKoa(nonsense))
  app.use((context) => {
    context.body = 'served'
  })
  server = app.listen(0, '127.0.0.1', tell)
} else {
  const app = express()
  app.use(ofExpress(), ofExpress(null), ofExpress(nonsense))
  app.get('/', (_request, response) => void response.send('served'))
  server = app.listen(0, '127.0.0.1', tell)
}

function tell(): void {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
}
