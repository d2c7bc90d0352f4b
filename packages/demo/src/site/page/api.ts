/** A video as the gateway answers it. */
export interface Video {
  id: string
  title: string
  status: string
  views: number
  /** Planned: who uploaded it. The services do not send it yet. */
  channel?: { handle: string }
}

/** The gateway, as one visitor asks it. */
export class Api {
  readonly #visitor: Record<string, string>

  constructor(user: string, session: string) {
    this.#visitor = { 'x-user': user, 'x-session': session }
  }

  /** Videos whose title has the words, most views first; none when the gateway fails. */
  async search(words: string): Promise<Video[]> {
    const response = await this.#get(`/search?q=${encodeURIComponent(words)}`)
    if (!response.ok) return []
    const { videos } = (await response.json()) as { videos: Video[] }
    return videos
  }

  /** @returns how many videos are recommended with it. @throws when it cannot be watched */
  async watch(id: string): Promise<number> {
    const response = await this.#get(`/watch/${id}`)
    if (!response.ok) throw new Error(`the gateway answered ${response.status}`)
    const { recommended } = (await response.json()) as { recommended: number }
    return recommended
  }

  /** @returns whether it was taken */
  async upload(title: string): Promise<boolean> {
    const response = await fetch('/api/uploads', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.#visitor },
      body: JSON.stringify({ title, plan: 'pro', bytes: 4_200_000 }),
    })
    return response.ok
  }

  #get(path: string): Promise<Response> {
    return fetch(`/api${path}`, { headers: this.#visitor })
  }
}
