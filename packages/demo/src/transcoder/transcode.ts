import { setTimeout as sleep } from 'node:timers/promises'
import { captureError, logger, metrics, SpanKind, trace } from '@burstlet/monitoring'
import { sometimesFail } from '../process/chaos.ts'
import { type Job, type JobQueue, queueName } from './queue.ts'

const maxAttempts = 3
const retryMs = 2000
const renditions = [360, 720, 1080] as const

const finished = metrics.counter('transcode.jobs', { unit: '{job}', description: 'Jobs done, by outcome' })
const duration = metrics.histogram('transcode.duration', { unit: 's', description: 'Time to make all renditions' })

/**
 * Works on one job. Its span continues the trace that came with the message: the conventions allow the sender as parent
 * where a message is processed alone, and then an upload reads as one trace from gateway to transcoder.
 */
export async function transcode(job: Job, queue: JobQueue, videoUrl: string): Promise<void> {
  const attributes = {
    'messaging.system': 'sqlite',
    'messaging.destination.name': queueName,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.message.id': job.videoId,
    'messaging.message.delivery_attempt': job.attempt,
  }
  await trace(`process ${queueName}`, { kind: SpanKind.CONSUMER, parent: job.headers, attributes }, async () => {
    const started = performance.now()
    try {
      await makeRenditions(job)
      await report(job, videoUrl)
      queue.done(job)
      duration.record((performance.now() - started) / 1000)
      finished.add(1, { outcome: 'done' })
      logger.info('transcoding done', { videoId: job.videoId, attempt: job.attempt })
    } catch (error) {
      giveBack(job, queue, error)
    }
  })
}

async function makeRenditions(job: Job): Promise<void> {
  for (const height of renditions) {
    await trace('encode rendition', { attributes: { 'video.height': height } }, async () => {
      await sleep(height / 30)
      sometimesFail(`encoding ${height}p`)
      logger.debug('rendition encoded', { videoId: job.videoId, height })
    })
  }
}

async function report(job: Job, videoUrl: string): Promise<void> {
  const response = await fetch(`${videoUrl}/videos/${job.videoId}/renditions`, {
    method: 'PUT',
    signal: AbortSignal.timeout(5000),
  })
  if (!response.ok) throw new Error(`video service answered ${response.status} to the report`)
}

function giveBack(job: Job, queue: JobQueue, error: unknown): void {
  if (job.attempt < maxAttempts) {
    logger.warn('transcoding failed, will be tried again', { videoId: job.videoId, attempt: job.attempt, error })
    queue.retry(job, Date.now() + retryMs)
    finished.add(1, { outcome: 'retried' })
    return
  }
  captureError(error, { videoId: job.videoId, attempts: job.attempt })
  queue.done(job)
  finished.add(1, { outcome: 'failed' })
}
