import { scope as anyScope, type Scope, scopeMeanings } from '@burstlet/contract/access'
import { sessionsResponse } from '@burstlet/contract/sessions'
import { eventually } from '@burstlet/testkit/eventually'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../src/access/key-ring.ts'
import { apiDocument } from '../src/api-document.ts'
import type { ApiDocument } from './described-answers.ts'
import { failingReader } from './failing-reader.ts'
import { createTestApi, type TestApi } from './test-api.ts'
import type { TestPrincipal } from './test-keys.ts'

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
}

const document = JSON.parse(await apiDocument()) as ApiDocument
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method: method.toUpperCase() as 'GET',
    path,
    security: (operation as Operation).security,
  })),
)

/** The scope that the document says; undefined when it says that the route is public. */
function scopeOf({ path, security }: (typeof operations)[number]): Scope | undefined {
  if (security?.length === 0) return undefined
  const schemes = Object.assign({}, ...(security ?? [])) as Record<string, string[]>
  expect(Object.keys(schemes), path).toEqual(['key', 'session'])
  expect(schemes['key'], path).toEqual(schemes['session'])
  expect(schemes['key'], path).toHaveLength(1)
  return anyScope.parse(schemes['key']![0])
}

let app: TestApi
beforeAll(async () => {
  // Who is let in gets no further than this reader, and each of its failures would be logged.
  app = await createTestApi(failingReader(), { log: pino({ level: 'silent' }) })
})
afterAll(() => app?.close())

describe.each(operations)('$method $path', (operation) => {
  const scope = scopeOf(operation)
  const ask = (principal: TestPrincipal | 'nobody', headers = {}) => {
    const path = operation.path.replace(/\{\w+\}/g, '0199f000-0000-7000-8000-000000000000')
    return app.inject({ method: operation.method, url: path, headers }, principal)
  }

  it('answers nobody unless it is public', async () => {
    expect((await ask('nobody')).statusCode === 401).toBe(scope !== undefined)
    const unknown = await ask('nobody', { authorization: 'Basic YTpi' })
    expect(unknown.statusCode === 401).toBe(scope !== undefined)
  })

  it.each(anyScope.options)('with the scope %s does what the document says', async (own) => {
    const { statusCode, body } = await ask({ scopes: [own] })
    const isAllowed = scope === undefined || own === scope || own === 'admin'
    expect(statusCode === 403, body).toBe(!isAllowed)
    expect(statusCode).not.toBe(401)
    if (isAllowed) return
    expect(JSON.parse(body)).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining(`"${scope}"`) })
  })

  it('answers nothing to a principal without a scope, unless it is public', async () => {
    expect((await ask({ scopes: [] })).statusCode === 403).toBe(scope !== undefined)
  })
})

it('only the health of the server is public', () => {
  const open = operations.filter((operation) => scopeOf(operation) === undefined)
  expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /api/v1/monitoring/health'])
})

it('the document and its page need the scope that reading needs', async () => {
  for (const path of ['/api/openapi.json', '/api/docs/', '/api/docs/static/index.css']) {
    expect((await app.inject(path, 'nobody')).statusCode, path).toBe(401)
    expect((await app.inject(path, { scopes: ['ingest'] })).statusCode, path).toBe(403)
    expect((await app.inject(path, { scopes: ['read'] })).statusCode, path).toBe(200)
  }
})

it('the document says what each scope allows', async () => {
  const text = await apiDocument()
  for (const meaning of Object.values(scopeMeanings)) expect(text).toContain(meaning)
})

it('the bootstrap key may do everything, the ingest key send telemetry', async () => {
  const keys = new KeyRing({ ingestKey: 'i'.repeat(32), adminKey: 'a'.repeat(32) })
  const bootstrap = keys.principalOf(`Bearer ${'a'.repeat(32)}`)
  expect(bootstrap).toMatchObject({ id: 'key:bootstrap', kind: 'key', space: 'default', role: 'admin' })
  expect([...bootstrap!.scopes]).toEqual(anyScope.options)
  const ingest = keys.principalOf(`Bearer ${'i'.repeat(32)}`)
  expect([...ingest!.scopes]).toEqual(['ingest'])
  expect(JSON.stringify([bootstrap, ingest])).not.toMatch(/aaaa|iiii/)
  expect(keys.principalOf('Bearer x')).toBeUndefined()
})

describe('a session', () => {
  const signIn = async () => {
    const token = await app.sessions.open(await app.sessions.issueLink(), 'a browser')
    const headers = { cookie: `burstlet_session=${token}`, host: 'localhost', origin: 'http://localhost' }
    const list = async () => {
      const response = await app.inject({ url: '/sessions', headers }, 'nobody')
      return response.statusCode === 200 ? sessionsResponse.parse(response.json()).items : response.statusCode
    }
    const end = (id: string) => app.inject({ method: 'DELETE', url: `/sessions/${id}`, headers }, 'nobody')
    return { headers, list, end }
  }
  const currentOf = (items: Awaited<ReturnType<Awaited<ReturnType<typeof signIn>>['list']>>) =>
    (items as Exclude<typeof items, number>).find(({ current }) => current)!.id

  it('is marked where it asks itself, and is refused from the moment that it is ended', async () => {
    const mine = await signIn()
    const other = await signIn()
    const [mineId, otherId] = [currentOf(await mine.list()), currentOf(await other.list())]
    expect(mineId).not.toBe(otherId)
    expect((await mine.end(otherId)).statusCode).toBe(204)
    expect(await other.list()).toBe(401)
    expect((await other.end(mineId)).statusCode).toBe(401)
    expect(currentOf(await mine.list())).toBe(mineId)
    expect((await mine.end(mineId)).statusCode).toBe(204)
    expect(await mine.list()).toBe(401)
  })

  it('that is ended ends what it has open', async () => {
    const waiting = { ...failingReader(), query: async () => [] }
    const tailed = await createTestApi(waiting)
    const token = await tailed.sessions.open(await tailed.sessions.issueLink(), 'a browser')
    const headers = { accept: 'text/event-stream', cookie: `burstlet_session=${token}` }
    const response = await fetch(`${await tailed.listen()}/logs/tail`, { headers })
    expect(response.status).toBe(200)
    let isOpen = true
    const read = response.text().finally(() => {
      isOpen = false
    })
    const [session] = await tailed.sessions.list()
    await tailed.sessions.end(session!.id)
    await eventually(async () => !isOpen)
    await read
    await tailed.close()
  })
})
