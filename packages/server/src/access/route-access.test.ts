import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { requireRouteAccess } from './route-access.ts'

const handler = async () => 'answer'

it('refuses to start with routes that name no scope and are not public, or both', async () => {
  const app = Fastify()
  requireRouteAccess(app)
  app.get('/public', { config: { public: true } }, handler)
  await app.register(
    async (api) => {
      api.get('/decided', { config: { scope: 'read' } }, handler)
      api.post('/forgotten', handler)
      api.delete('/empty', { config: {} }, handler)
      api.put('/both', { config: { scope: 'read', public: true } }, handler)
    },
    { prefix: '/api' },
  )
  await expect(app.ready()).rejects.toThrow('POST /api/forgotten; DELETE /api/empty; PUT /api/both.')
})

it('starts when a hook of their plugin decides for the routes of a library', async () => {
  const app = Fastify()
  requireRouteAccess(app)
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'read' }
    })
    docs.get('/docs', handler)
  })
  await app.ready()
  await app.close()
})
