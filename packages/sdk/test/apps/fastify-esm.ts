import { DatabaseSync } from 'node:sqlite'
import Fastify from 'fastify'

// A Fastify 5 app in ESM with a store.
const database = new DatabaseSync(':memory:')
database.exec('CREATE TABLE videos (id TEXT PRIMARY KEY, title TEXT)')
database.prepare('INSERT INTO videos VALUES (?, ?)').run('1', 'First steps')

const app = Fastify({ logger: { level: 'info' } })
app.get<{ Params: { id: string } }>('/videos/:id', async (request, reply) => {
  request.log.info('fastify speaks')
  const row = database.prepare("SELECT * FROM videos WHERE id = ? AND title <> 'secret'").get(request.params.id)
  if (row === undefined) return reply.code(404).send({ error: 'no such video' })
  return row
})
app.get('/fail', async () => {
  throw new Error('this route fails')
})
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
