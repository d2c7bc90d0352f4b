import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { metrics, SpanKind, trace, traceHeaders } from '@burstlet/monitoring'
import Fastify from 'fastify'
import { z } from 'zod'
import { sometimesFail, sometimesSlow } from '../process/chaos.ts'
import { required, runService, urlOf } from '../process/service.ts'
import { openJobQueue, queueName } from '../transcoder/queue.ts'
import { openVideoStore } from './store.ts'

// The video service: keeps the videos and asks the transcoder for renditions.
const store = openVideoStore(required('DEMO_VIDEO_STORE'))
const queue = openJobQueue(required('DEMO_QUEUE_STORE'))
const views = metrics.counter('video.views', { unit: '{view}', description: 'Videos watched' })
const stored = metrics.counter('video.stored', { unit: '{video}', description: 'Videos accepted' })

const newVideo = z.object({ id: z.uuid(), title: z.string().min(1).max(200), plan: z.enum(['free', 'pro', 'team']) })

const app = Fastify({ logger: { level: 'debug' }, bodyLimit: 16_384 })

app.post('/videos', async (request, reply) => {
  const parsed = newVideo.safeParse(request.body)
  if (!parsed.success) return reply.code(400).send({ error: z.prettifyError(parsed.error) })
  const video = parsed.data
  sometimesFail('storing a video')
  store.add(video)
  trace(
    `send ${queueName}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'messaging.system': 'sqlite',
        'messaging.destination.name': queueName,
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.message.id': video.id,
      },
    },
    // The trace travels with the message, so that the transcoder's work is part of it.
    () => queue.send(video.id, traceHeaders()),
  )
  stored.add(1, { plan: video.plan })
  request.log.info({ videoId: video.id, plan: video.plan }, 'video stored, transcoding queued')
  return reply.code(201).send({ id: video.id, status: 'queued' })
})

app.get<{ Params: { id: string } }>('/videos/:id', async (request, reply) => {
  if (await sometimesSlow()) request.log.warn({ videoId: request.params.id }, 'cold storage: the video took long')
  sometimesFail('reading a video')
  const video = store.view(request.params.id)
  if (video === undefined) {
    request.log.info({ videoId: request.params.id }, 'no such video')
    return reply.code(404).send({ error: 'no such video' })
  }
  views.add(1, { plan: video.plan })
  request.log.debug({ videoId: video.id, views: video.views }, 'video served')
  return video
})

app.get<{ Querystring: { q?: string } }>('/videos', async (request) => {
  const found = store.search((request.query.q ?? '').slice(0, 100))
  request.log.debug({ found: found.length }, 'search done')
  return { videos: found }
})

app.put<{ Params: { id: string } }>('/videos/:id/renditions', async (request, reply) => {
  if (!store.markReady(request.params.id)) return reply.code(404).send({ error: 'no such video' })
  request.log.info({ videoId: request.params.id }, 'renditions ready')
  return reply.code(204).send()
})

await app.listen({ port: 0, host: '127.0.0.1' })
runService({ url: urlOf(app.server) }, async () => {
  await app.close()
  store.close()
  queue.close()
  // The demo removes its data, unless it was killed; then nobody else would.
  if (!process.connected) await rm(dirname(required('DEMO_VIDEO_STORE')), { recursive: true, force: true })
})
