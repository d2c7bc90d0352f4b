import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { type Problem, problem } from '@burstlet/contract/errors'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { expect } from 'vitest'
import { Sessions } from '../src/access/sessions.ts'
import { type AppOptions, apiPrefix, createApp } from '../src/app.ts'
import { SourceMaps } from '../src/features/source-maps/source-maps.ts'
import { SourceMapStore } from '../src/features/source-maps/store.ts'
import { openMemoryDatabase } from '../src/storage/database/database.ts'
import { type ApiDocument, describedAnswers } from './described-answers.ts'
import { bearer, type TestPrincipal, testKeys } from './test-keys.ts'

/** The app over what a test hands it, without a port until it listens. */
export interface TestApi {
  /** The sessions of its browsers. */
  readonly sessions: Sessions
  /**
   * Sends a request with a key of that principal. A path that does not begin with `/api/` is one of the REST API. Every answer is
   * held against the OpenAPI document.
   */
  inject(request: string | InjectOptions, principal?: TestPrincipal | 'nobody'): Promise<LightMyRequestResponse>
  readonly server: Server
  /** @returns the address of the REST API, on a free port of loopback; the same for every call */
  listen(): Promise<string>
  close(): Promise<void>
}

/** What a test talks to by itself; the rest is made for it. */
export type TestApiOptions = Partial<Omit<AppOptions, 'reader'>>

// What a route fails at is hidden from its caller; a test that sees a 500 wants to know.
const errorLog = pino({ level: 'error' })
// Every app has the same routes, so the first describes them all.
let check: ReturnType<typeof describedAnswers> | undefined

/** Builds the app as the server does: over a real engine, an empty relational store, keys of tests, no receiver, and nothing that bounds questions. */
export async function createTestApi(reader: AppOptions['reader'], options: TestApiOptions = {}): Promise<TestApi> {
  const { log = errorLog } = options
  const own = options.database ? undefined : await openMemoryDatabase()
  const database = options.database ?? own!
  const sourceMaps = options.sourceMaps ?? new SourceMaps(new SourceMapStore(database, 1_000_000), log)
  const guard = options.guard ?? {
    keys: testKeys,
    sessions: new Sessions(database, randomBytes(32)),
    publicUrl: undefined,
  }
  const app = await createApp({
    // Whether somebody has built the page decides nothing here.
    pageFolder: import.meta.dirname,
    guard,
    health: { startedAt: Date.now(), probes: {} },
    queryGuard: 'none',
    ...options,
    reader,
    database,
    sourceMaps,
    log,
  })
  await app.ready()
  let listening: Promise<string> | undefined
  return {
    sessions: guard.sessions,
    server: app.server,
    async inject(request, principal = {}) {
      const { url: path, headers, ...rest } = typeof request === 'string' ? { url: request } : request
      const url = String(path).startsWith('/api/') ? String(path) : `${apiPrefix}${path}`
      const key = principal === 'nobody' ? {} : { authorization: bearer(principal) }
      const response = await app.inject({ url, headers: { ...key, ...headers }, ...rest })
      check ??= describedAnswers(app.swagger() as ApiDocument)
      check({
        method: rest.method ?? 'GET',
        url,
        status: response.statusCode,
        contentType: String(response.headers['content-type'] ?? ''),
        body: response.body,
      })
      return response
    },
    async listen() {
      listening ??= app.listen({ port: 0, host: '127.0.0.1' })
      return `${await listening}${apiPrefix}`
    },
    async close() {
      await app.close()
      if (!options.sourceMaps) await sourceMaps.stop()
      await own?.destroy()
    },
  }
}

/** The JSON that `GET path` answers with 200. @throws Error with the problem otherwise */
export async function get<Answer>(app: TestApi, path: string, query: Record<string, unknown> = {}): Promise<Answer> {
  const response = await app.inject({ url: urlOf(path, query) })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
  return response.json<Answer>()
}

/** The JSON that `POST path` answers with 200. @throws Error with the problem otherwise */
export async function post<Answer>(app: TestApi, path: string, body: object): Promise<Answer> {
  const response = await app.inject({ method: 'POST', url: path, payload: body })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
  return response.json<Answer>()
}

/** The problem that `POST path` is answered with. */
export async function problemOfPost(app: TestApi, path: string, body: object): Promise<Problem> {
  const response = await app.inject({ method: 'POST', url: path, payload: body })
  const answer = problem.strict().parse(response.json())
  expect(answer.status).toBe(response.statusCode)
  return answer
}

/** The problem that `GET path` is answered with. */
export async function problemOf(app: TestApi, path: string, query: Record<string, unknown> = {}): Promise<Problem> {
  const response = await app.inject({ url: urlOf(path, query) })
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  const body = problem.strict().parse(response.json())
  expect(body.status).toBe(response.statusCode)
  return body
}

function urlOf(path: string, query: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) parameters.append(name, String(each))
  }
  return `${path}?${parameters}`
}
