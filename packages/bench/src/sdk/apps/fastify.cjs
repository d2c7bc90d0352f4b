// The same service as express.cjs, on Fastify.
const Fastify = require('fastify')
const { page } = require('./page.cjs')

const app = Fastify()
app.addHook('onRequest', async (request) => {
  request.startedAt = Date.now()
})
app.addHook('onSend', async (_request, reply) => {
  reply.header('cache-control', 'no-store')
})
app.get('/items/:id', async (request) => page(request.params.id))
app.listen({ port: 0, host: '127.0.0.1' }).then(() => process.stdout.write(`${app.server.address().port}\n`))
