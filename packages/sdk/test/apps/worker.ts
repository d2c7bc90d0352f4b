import { isMainThread, Worker } from 'node:worker_threads'
import { trace } from '@burstlet/monitoring'

// A program with a worker thread; both make a span and end by themselves.
if (isMainThread) {
  trace('in main', () => {})
  new Worker(new URL(import.meta.url))
} else {
  trace('in worker', () => {})
}
