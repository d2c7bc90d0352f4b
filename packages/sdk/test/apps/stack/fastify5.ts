import { healthRoute, requestMonitoring } from '@burstlet/monitoring/fastify'
import Fastify, { type FastifyRequest } from 'fastify'
import { beSlow, fail, passOn, placeOrder, whoIs } from './work.ts'

const app = Fastify()
await app.register(requestMonitoring<FastifyRequest>, { identify: (request) => whoIs(request.headers) })
app.get<{ Params: { id: string } }>('/orders/:id', async (request) => placeOrder(request.params.id))
app.get('/slow', () => beSlow())
app.get('/fail', async () => fail())
app.get('/chain', () => passOn())
app.get('/health', healthRoute)
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
