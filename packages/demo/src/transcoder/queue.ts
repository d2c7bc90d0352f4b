import { DatabaseSync } from 'node:sqlite'

/** One message: a video to transcode, and the trace of whoever asked for it. */
export interface Job {
  id: number
  videoId: string
  headers: Record<string, string>
  attempt: number
}

/** The name of the queue in spans. */
export const queueName = 'transcode-jobs'

const leaseMs = 30_000
const maxWaiting = 1000

export type JobQueue = ReturnType<typeof openJobQueue>

/**
 * A durable queue in a table of a SQLite file that two processes share. A job is taken under a lease: if its worker dies,
 * the job is there again once the lease is over.
 */
export function openJobQueue(path: string) {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 3000; PRAGMA synchronous = NORMAL')
  database.exec(`CREATE TABLE IF NOT EXISTS transcode_jobs (
    id INTEGER PRIMARY KEY, video_id TEXT NOT NULL, headers TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 0,
    visible_at INTEGER NOT NULL DEFAULT 0
  )`)
  const send = database.prepare('INSERT INTO transcode_jobs (video_id, headers) VALUES (?, ?)')
  const receive = database.prepare(`UPDATE transcode_jobs SET visible_at = ?, attempt = attempt + 1
    WHERE id = (SELECT id FROM transcode_jobs WHERE visible_at <= ? ORDER BY id LIMIT 1)
    RETURNING id, video_id, headers, attempt`)
  const remove = database.prepare('DELETE FROM transcode_jobs WHERE id = ?')
  const release = database.prepare('UPDATE transcode_jobs SET visible_at = ? WHERE id = ?')
  const count = database.prepare('SELECT count(*) AS depth FROM transcode_jobs')
  const depth = () => Number(count.get()?.['depth'] ?? 0)

  return {
    depth,
    /** Adds a job. Throws when a thousand are waiting. */
    send(videoId: string, headers: Record<string, string>): void {
      if (depth() >= maxWaiting) throw new Error('the transcode queue is full')
      send.run(videoId, JSON.stringify(headers))
    },
    /** Takes the oldest job that nobody works on. */
    receive(now: number): Job | undefined {
      const row = receive.get(now + leaseMs, now)
      if (row === undefined) return undefined
      const headers = JSON.parse(String(row['headers'])) as Record<string, string>
      return { id: Number(row['id']), videoId: String(row['video_id']), headers, attempt: Number(row['attempt']) }
    },
    done(job: Job): void {
      remove.run(job.id)
    },
    /** Gives a job back, to be tried again at `at` (epoch milliseconds). */
    retry(job: Job, at: number): void {
      release.run(at, job.id)
    },
    close: () => database.close(),
  }
}
