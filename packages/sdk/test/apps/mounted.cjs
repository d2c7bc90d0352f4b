const name = process.argv[2]
const express = require(name)

// Applications and routers in others, however they get there.
const app = express()
const inner = express()
const router = express.Router()
const empty = express.Router()
router.get('/items/:item', (_request, response) => response.send('item'))
router.get('/fails', () => {
  throw new RangeError('a mounted route fails')
})
inner.get('/', (_request, response) => response.send('root'))
inner.get('/x/:id', (_request, response) => response.send('x'))
inner.use('/of/:tenant', router)
empty.get('/never', (_request, response) => response.send('never'))
app.use('/api', empty)
app.use('/api', (_request, _response, next) => next(), router)
app.get('/api/after/:id', (_request, response) => response.send('after'))
app.use('/wrapped', (request, response, next) => router(request, response, next))
app.use('/ui', inner)
app.use('/files', (_request, response) => response.send('file'))
app.use((_request, response) => response.status(404).send('nothing'))
// With four parameters it handles errors.
app.use((_error, _request, response, _next) => response.status(500).send('failed'))
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
