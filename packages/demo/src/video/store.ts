import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** A video as the store keeps it. */
export interface Video {
  id: string
  title: string
  plan: string
  status: 'queued' | 'ready'
  views: number
}

/** The oldest are forgotten beyond this, so that a demo left running does not grow. */
const maxVideos = 2000

export type VideoStore = ReturnType<typeof openVideoStore>

/** Opens, and creates where needed, the store of videos in a SQLite file. */
export function openVideoStore(path: string) {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 3000; PRAGMA synchronous = NORMAL')
  database.exec(`CREATE TABLE IF NOT EXISTS videos (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, plan TEXT NOT NULL, status TEXT NOT NULL, views INTEGER NOT NULL DEFAULT 0
  )`)
  const insert = database.prepare('INSERT INTO videos (id, title, plan, status) VALUES (?, ?, ?, ?)')
  const forget = database.prepare(
    'DELETE FROM videos WHERE rowid <= (SELECT max(rowid) FROM videos) - ? AND status = ?',
  )
  const view = database.prepare(
    'UPDATE videos SET views = views + 1 WHERE id = ? RETURNING id, title, plan, status, views',
  )
  const search = database.prepare(
    'SELECT id, title, plan, status, views FROM videos WHERE title LIKE ? ORDER BY views DESC LIMIT 20',
  )
  const finish = database.prepare('UPDATE videos SET status = ? WHERE id = ?')

  return {
    add(video: Pick<Video, 'id' | 'title' | 'plan'>): void {
      insert.run(video.id, video.title, video.plan, 'queued')
      forget.run(maxVideos, 'ready')
    },
    /** Counts a view; undefined where there is no such video. */
    view(id: string): Video | undefined {
      const row = view.get(id)
      return row === undefined ? undefined : toVideo(row)
    },
    search(words: string): Video[] {
      return search.all(`%${words}%`).map(toVideo)
    },
    /** Answers false where there is no such video. */
    markReady(id: string): boolean {
      return finish.run('ready', id).changes > 0
    },
    close: () => database.close(),
  }
}

function toVideo(row: Record<string, SQLOutputValue>): Video {
  return {
    id: String(row['id']),
    title: String(row['title']),
    plan: String(row['plan']),
    status: row['status'] === 'ready' ? 'ready' : 'queued',
    views: Number(row['views']),
  }
}
