import type { AddressInfo } from 'node:net'
import { traceHeaders } from '@burstlet/monitoring'
import express from 'express'

// Serves one page with the browser's SDK in it, and the route that its button asks.
const [, , otlp] = process.argv
const page = () => `<!doctype html><title>shop</title>
<meta name="traceparent" content="${traceHeaders()['traceparent']}">
<button id="order" onclick="fetch('/orders', { method: 'POST' }).then(() => { document.title = 'ordered' })">Order</button>
<p>${'A shop. '.repeat(50)}</p>
<script>window.OTLP = ${JSON.stringify(otlp)}</script>
<script type="module" src="/bundle.js"></script>`

const app = express()
app.get('/', (_request, response) => void response.type('html').send(page()))
app.get('/empty', (_request, response) => void response.type('html').send('<!doctype html><title>empty</title>'))
app.get('/bundle.js', (_request, response) => void response.type('js').send(process.env['BUNDLE']))
app.post('/orders', (_request, response) => void response.json({ ok: true }))
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
