import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { captureError, metrics, trace } from '@burstlet/monitoring'
import { type ErrorRequestHandler, Router } from 'express'
import { z } from 'zod'
import { log } from './log.ts'
import type { VideoClient } from './video-client.ts'

const uploads = metrics.counter('upload.completed', { unit: '{upload}', description: 'Uploads accepted, by plan' })
const revenue = metrics.counter('ad.revenue', { unit: 'EUR', description: 'Advertising shown with videos' })
const size = metrics.summary('upload.size', { unit: 'By', description: 'Size of uploaded videos' })
const ranking = metrics.histogram('recommendation.candidates', { unit: '{video}' })

const upload = z.object({
  title: z.string().min(1).max(200),
  plan: z.enum(['free', 'pro', 'team']),
  bytes: z.number().int().positive(),
})

/** What browsers may ask for: uploads, watching, searching. */
export function gatewayRoutes(videos: VideoClient): Router {
  const routes = Router()

  routes.post('/uploads', async (request, response) => {
    const parsed = upload.safeParse(request.body)
    if (!parsed.success) {
      log.warn({ problem: z.prettifyError(parsed.error) }, 'upload refused')
      response.status(400).json({ error: z.prettifyError(parsed.error) })
      return
    }
    const { title, plan, bytes } = parsed.data
    const answer = await videos.post('/videos', { id: randomUUID(), title, plan })
    uploads.add(1, { plan })
    size.record(bytes, { plan })
    log.info({ plan, bytes }, 'upload accepted')
    response.status(answer.status).json(answer.body)
  })

  routes.get('/watch/:id', async (request, response) => {
    const { status, body } = await videos.get(`/videos/${encodeURIComponent(request.params.id)}`)
    if (status === 404) {
      log.warn({ videoId: request.params.id }, 'asked for a video that is not there')
      response.status(404).json(body)
      return
    }
    const recommended = await recommend()
    revenue.add(0.002 * recommended)
    log.debug({ videoId: request.params.id, recommended }, 'watch page made')
    response.json({ video: body, recommended })
  })

  routes.get('/search', async (request, response) => {
    const words = String(request.query['q'] ?? '')
    const { body } = await videos.get(`/videos?q=${encodeURIComponent(words)}`)
    log.info({ words: words.length }, 'search')
    response.json(body)
  })

  return routes
}

/** The last handler: reports what failed and answers 502. */
export const reportErrors: ErrorRequestHandler = (error, request, response, _next) => {
  captureError(error, { 'http.request.method': request.method, 'url.path': request.path })
  log.error({ err: error }, 'request failed')
  response.status(502).json({ error: 'the video service could not answer' })
}

/** Ranks candidates; answers how many were looked at. */
function recommend(): Promise<number> {
  return trace('rank recommendations', async (span) => {
    const candidates = 20 + Math.floor(Math.random() * 180)
    span.setAttribute('recommendation.candidates', candidates)
    await sleep(2 + candidates / 20)
    ranking.record(candidates)
    return candidates
  })
}
