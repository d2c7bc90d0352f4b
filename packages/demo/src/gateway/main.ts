import { once } from 'node:events'
import { requestMonitoring } from '@burstlet/monitoring/express'
import express, { type Request } from 'express'
import { required, runService, urlOf } from '../process/service.ts'
import { log } from './log.ts'
import { gatewayRoutes, reportErrors } from './routes.ts'
import { VideoClient } from './video-client.ts'

// The gateway: what browsers talk to.
const app = express()
app.disable('x-powered-by')
// Clients say who they are; an app with accounts knows it from its own session.
app.use(
  requestMonitoring<Request>({
    identify: (request) => ({ user: request.get('x-user'), session: request.get('x-session') }),
  }),
)
app.use(express.json({ limit: '16kb' }))
app.use(gatewayRoutes(new VideoClient(required('DEMO_VIDEO_URL'))))
app.use(reportErrors)

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
log.info('gateway is open')
runService({ url: urlOf(server) }, async () => {
  server.closeIdleConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
