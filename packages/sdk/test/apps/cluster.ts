import cluster from 'node:cluster'
import { trace } from '@burstlet/monitoring'

// Two workers that do one thing each and end; so does the process that forked them.
if (cluster.isPrimary) {
  trace('in primary', () => {})
  cluster.fork()
  cluster.fork()
} else {
  trace('in worker', () => {})
  cluster.worker?.disconnect()
}
