import type { ServerHttp2Session } from 'node:http2'

const sweepMs = 20_000
/** A peer that was not heard for so long is asked whether it is there; it has one sweep to answer. */
const quietMs = 60_000
/** For the settings that every HTTP/2 client begins with. */
const greetingMs = 10_000
/** Of all calls of a connection. */
const windowBytes = 1024 * 1024

interface Watched {
  heardAt: number
  isAsked: boolean
}

/** The connections of an HTTP/2 server: ends those that never greet, and those whose peer has gone without a word. */
export class SessionWatch {
  readonly #sessions = new Map<ServerHttp2Session, Watched>()
  readonly #sweeper = setInterval(() => this.#sweep(), sweepMs).unref()

  add(session: ServerHttp2Session): void {
    const watched = { heardAt: performance.now(), isAsked: false }
    this.#sessions.set(session, watched)
    session.setLocalWindowSize(windowBytes)
    const greeting = setTimeout(() => session.destroy(), greetingMs)
    session.once('remoteSettings', () => clearTimeout(greeting))
    session.on('stream', () => {
      watched.heardAt = performance.now()
    })
    // What breaks a connection is the peer's affair; it is closed then.
    session.on('error', () => {})
    session.once('close', () => {
      clearTimeout(greeting)
      this.#sessions.delete(session)
    })
  }

  /** Has every connection end when its calls have; new calls are sent elsewhere. */
  close(): void {
    clearInterval(this.#sweeper)
    for (const session of this.#sessions.keys()) session.close()
  }

  destroy(): void {
    for (const session of this.#sessions.keys()) session.destroy()
  }

  #sweep(): void {
    const now = performance.now()
    for (const [session, watched] of this.#sessions) {
      if (watched.isAsked) session.destroy()
      else if (now - watched.heardAt > quietMs) ask(session, watched)
    }
  }
}

function ask(session: ServerHttp2Session, watched: Watched): void {
  watched.isAsked = true
  const sent = session.ping((error) => {
    if (error) return
    watched.isAsked = false
    watched.heardAt = performance.now()
  })
  if (!sent) session.destroy()
}
