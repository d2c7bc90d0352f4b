import { setTimeout as sleep } from 'node:timers/promises'
import { logger, metrics } from '@burstlet/monitoring'
import { required, runService } from '../process/service.ts'
import { openJobQueue } from './queue.ts'
import { transcode } from './transcode.ts'

// The transcoder: no server, only a timer that looks into the queue.
const pollMs = 200
const reportMs = 5000

const queue = openJobQueue(required('DEMO_QUEUE_STORE'))
const videoUrl = required('DEMO_VIDEO_URL')
const waiting = metrics.gauge('transcode.queue.depth', { unit: '{job}', description: 'Jobs in the transcode queue' })

let running = true
const report = setInterval(() => waiting.record(queue.depth()), reportMs)

async function work(): Promise<void> {
  while (running) {
    const job = queue.receive(Date.now())
    if (job === undefined) await sleep(pollMs)
    else await transcode(job, queue, videoUrl)
  }
}

logger.info('transcoder is waiting for jobs')
const working = work()
// A queue that cannot be read is the end of this process; the demo says so and stops.
working.catch((error: unknown) => {
  logger.error('the queue cannot be read', error instanceof Error ? error : { error })
  process.exitCode = 1
  if (process.connected) process.disconnect()
})
runService({ url: '' }, async () => {
  running = false
  clearInterval(report)
  await working
  queue.close()
})
