import 'reflect-metadata'
import { healthRoute, requestMonitoring } from '@burstlet/monitoring/fastify'
import { MonitoringInterceptor } from '@burstlet/monitoring/nest'
import { Controller, Get, Module, Param } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { beSlow, fail, passOn, placeOrder, whoIs } from './work.ts'

// Decorators are called by hand: Node strips types, but compiles nothing.
class Shop {
  order(id) {
    return placeOrder(id)
  }
  slow() {
    return beSlow()
  }
  fail() {
    return fail()
  }
  chain() {
    return passOn()
  }
}
const route = (name, path) => Get(path)(Shop.prototype, name, Object.getOwnPropertyDescriptor(Shop.prototype, name))
route('order', 'orders/:id')
route('slow', 'slow')
route('fail', 'fail')
route('chain', 'chain')
Param('id')(Shop.prototype, 'order', 0)
Controller()(Shop)

class App {}
Module({ controllers: [Shop] })(App)

const adapter = new FastifyAdapter()
const app = await NestFactory.create(App, adapter, { logger: false })
await app.register(requestMonitoring, { identify: (request) => whoIs(request.headers) })
adapter.getInstance().get('/health', healthRoute)
app.useGlobalInterceptors(new MonitoringInterceptor())
await app.listen(0, '127.0.0.1')
process.stdout.write(`${await app.getUrl()}\n`)
