// What a small service does: a few middlewares, a body parser, a route with a parameter, a page of JSON.
const express = require('express')
const { page } = require('./page.cjs')

const app = express()
app.disable('x-powered-by')
app.use(express.json())
app.use((request, _response, next) => {
  request.startedAt = Date.now()
  next()
})
app.use((_request, response, next) => {
  response.setHeader('cache-control', 'no-store')
  next()
})
app.get('/items/:id', (request, response) => response.json(page(request.params.id)))
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
