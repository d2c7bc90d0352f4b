import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Role, roleNames } from '../engine/config-file.ts'
import { EngineError } from '../engine/error.ts'

export interface Credentials {
  username: string
  password: string
}

/** The users, whose passwords live as long as this process. */
export class Users {
  readonly writer = newCredentials('writer')
  readonly reader = newCredentials('reader')
  readonly guest = newCredentials('guest')

  /** Who sends this. Reads Basic credentials, X-ClickHouse-User and -Key, or `user` and `password` of the URL. */
  authenticate(request: IncomingMessage, url: URLSearchParams): Role {
    const given = basicCredentials(request) ?? headerCredentials(request) ?? urlCredentials(url)
    if (given === undefined) {
      throw new EngineError(194, 'REQUIRED_PASSWORD', 'Authentication failed: a user and a password are required')
    }
    for (const role of roleNames) {
      const { username, password } = this[role]
      if (given.username === username && sameSecret(given.password, password)) return role
    }
    const reason = 'password is incorrect, or there is no user with such name'
    throw new EngineError(516, 'AUTHENTICATION_FAILED', `${given.username}: Authentication failed: ${reason}`)
  }
}

function newCredentials(username: string): Credentials {
  return { username, password: randomBytes(24).toString('base64url') }
}

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function basicCredentials(request: IncomingMessage): Credentials | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon === -1 ? undefined : { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

function headerCredentials(request: IncomingMessage): Credentials | undefined {
  const username = request.headers['x-clickhouse-user']
  if (typeof username !== 'string') return undefined
  const password = request.headers['x-clickhouse-key']
  return { username, password: typeof password === 'string' ? password : '' }
}

function urlCredentials(url: URLSearchParams): Credentials | undefined {
  const username = url.get('user')
  return username === null ? undefined : { username, password: url.get('password') ?? '' }
}
