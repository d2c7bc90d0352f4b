import type { AddressInfo } from 'node:net'
import { healthRoute, requestMonitoring } from '@burstlet/monitoring/koa'
import Router from '@koa/router'
import Koa from 'koa'
import { beSlow, fail, passOn, placeOrder, whoIs } from './work.ts'

const app = new Koa()
// Koa prints what fails; the test looks for it elsewhere.
app.silent = true
app.use(requestMonitoring<Koa.Context>({ identify: (context) => whoIs(context.headers) }))
const router = new Router()
router.get('/orders/:id', (context) => {
  context.body = placeOrder(String(context.params['id']))
})
router.get('/slow', async (context) => {
  context.body = await beSlow()
})
router.get('/fail', () => fail())
router.get('/chain', async (context) => {
  context.body = await passOn()
})
router.get('/health', healthRoute)
app.use(router.routes())
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
