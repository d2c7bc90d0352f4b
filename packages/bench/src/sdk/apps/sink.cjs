// Takes whatever is sent and answers success, as cheaply as can be. Prints its port.
const { createServer } = require('node:http')

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () =>
    response.writeHead(200, { 'content-type': request.headers['content-type'] ?? 'text/plain' }).end(),
  )
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
