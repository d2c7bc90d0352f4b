/** A video as the gateway answers it. */
export type Video = {
  id: string
  title: string
  status: string
  views: number
  /** Planned: who uploaded it. The services do not send it yet. */
  channel?: { handle: string }
}

/** Videos whose title has the words, most views first; none when the gateway fails. */
export async function search(words: string): Promise<Video[]> {
  const response = await fetch(`/api/search?q=${encodeURIComponent(words)}`)
  if (!response.ok) return []
  const { videos } = (await response.json()) as { videos: Video[] }
  return videos
}

/** @returns how many videos are recommended with it. @throws when it cannot be watched */
export async function watch(id: string): Promise<number> {
  const response = await fetch(`/api/watch/${id}`)
  if (!response.ok) throw new Error(`the gateway answered ${response.status}`)
  const { recommended } = (await response.json()) as { recommended: number }
  return recommended
}

/** @returns whether it was taken */
export async function upload(title: string): Promise<boolean> {
  const response = await fetch('/api/uploads', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, plan: 'pro', bytes: 4_200_000, userId: 'user-1' }),
  })
  return response.ok
}
