const timeoutMs = 5000

/** What the video service answered. */
export interface VideoResponse {
  status: number
  body: unknown
}

/** The video service failed or could not be reached. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
}

/** Speaks to the video service. Answers with 5xx become an UpstreamError. */
export class VideoClient {
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  async get(path: string): Promise<VideoResponse> {
    return this.#send(path, {})
  }

  async post(path: string, body: unknown): Promise<VideoResponse> {
    return this.#send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  async #send(path: string, init: RequestInit): Promise<VideoResponse> {
    const response = await fetch(`${this.#base}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) })
    const body: unknown = await response.json()
    if (response.status >= 500) throw new UpstreamError(`video service answered ${response.status}`, { cause: body })
    return { status: response.status, body }
  }
}
