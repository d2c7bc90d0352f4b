import { gzipSync } from 'node:zlib'
import { type Annotation, annotationsResponse } from '@burstlet/contract/annotations'
import type { Problem } from '@burstlet/contract/errors'
import { sourceMapsResponse } from '@burstlet/contract/source-maps'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAnnotations } from '../src/features/annotations/deployments.ts'
import { annotationsRoutes } from '../src/features/annotations/routes.ts'
import { keepVersions } from '../src/features/annotations/seen-versions.ts'
import { sourceMapsRoutes } from '../src/features/source-maps/routes.ts'
import { SourceMaps } from '../src/features/source-maps/source-maps.ts'
import { SourceMapStore } from '../src/features/source-maps/store.ts'
import { problemDetails } from '../src/http/errors/problem-details.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

/** Of `a()` in line 3, column 9 of its source, built to line 1, column 1. */
const map = {
  version: 3,
  sources: ['../src/a.ts'],
  sourcesContent: ['\n\n        a()'],
  names: ['a'],
  mappings: 'AAEQA',
}
const maxBytes = 20_000

describe.each(relationalStores)('releases in %s', (_name, start) => {
  let store: RelationalStore
  let database: Database
  let app: FastifyInstance
  let sourceMaps: SourceMaps

  beforeAll(async () => {
    store = await start()
    database = await openDatabase(store.config)
    sourceMaps = new SourceMaps(new SourceMapStore(database, maxBytes), { warn: () => {} })
    app = Fastify()
    app.decorateRequest('space', 'default')
    problemDetails(app)
    await app.register(annotationsRoutes, { database })
    await app.register(sourceMapsRoutes, { sourceMaps })
  })
  afterAll(async () => {
    await app?.close()
    await sourceMaps?.stop()
    await database?.destroy()
    await store?.stop()
  })

  const annotations = async (query = '') => {
    const response = await app.inject(`/annotations?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z${query}`)
    return annotationsResponse.parse(response.json())
  }
  const put = (query: string, payload: string | Buffer, headers = {}) =>
    app.inject({
      method: 'PUT',
      url: `/source-maps?${query}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    })
  const problemOf = (response: { json: () => Problem }) => response.json()

  it('keeps deployments, newest first, by time, service and environment', async () => {
    const deployments = [
      { service: 'shop', version: '1.0.0', environment: 'production', time: '2026-01-10T10:00:00Z' },
      { service: 'shop', version: '1.1.0', environment: 'staging', time: '2026-01-11T10:00:00Z', commit: 'f00d' },
      { service: 'video', version: '7', time: '2026-01-12T10:00:00Z', url: 'https://ci.example/7' },
      { service: 'video', version: '8', time: '2026-02-01T00:00:00Z' },
    ]
    for (const payload of deployments) {
      const made = await app.inject({ method: 'POST', url: '/annotations', payload })
      expect(made.statusCode).toBe(201)
    }
    const versions = ({ items }: { items: Annotation[] }) => items.map(({ version }) => version)
    const all = await annotations()
    expect(versions(all)).toEqual(['7', '1.1.0', '1.0.0'])
    expect(all.items[0]).toMatchObject({
      environment: '',
      commit: null,
      url: 'https://ci.example/7',
      source: 'recorded',
    })
    expect(versions(await annotations('&service=shop'))).toEqual(['1.1.0', '1.0.0'])
    expect(versions(await annotations('&environment=production'))).toEqual(['1.0.0'])
    const first = await annotations('&limit=2')
    expect(versions(await annotations(`&limit=2&cursor=${first.nextCursor}`))).toEqual(['1.0.0'])

    const url = `/annotations/${all.items[0]?.id}`
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(204)
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(404)
    expect(versions(await annotations())).toEqual(['1.1.0', '1.0.0'])
  })

  it.each([
    [{ service: 'shop' }, 'version'],
    [{ service: 'shop', version: '1', url: 'javascript:alert(1)' }, 'url'],
    [{ service: 'shop', version: '1', time: 'soon' }, 'time'],
    [{ service: 'shop', version: '1', colour: 'red' }, 'colour'],
  ])('refuses the deployment %j', async (payload, path) => {
    const response = await app.inject({ method: 'POST', url: '/annotations', payload })
    expect(response.statusCode).toBe(400)
    expect(problemOf(response).errors?.map((error) => error.path)).toEqual([path])
  })

  it('a version that is seen for the first time is a deployment, unless it is the first or was recorded', async () => {
    const seconds = (iso: string) => Date.parse(iso) / 1000
    const row = { space: 'default', service: 'shop', environment: 'staging' }
    const rows = [
      { ...row, version: '1.0.9', seen: seconds('2026-01-05T00:00:00Z') },
      { ...row, version: '1.1.0', seen: seconds('2026-01-11T10:03:00Z') },
      { ...row, version: '1.2.0', seen: seconds('2026-01-20T00:00:00Z') },
    ]
    await keepVersions(database, rows)
    await keepVersions(database, [{ ...row, version: '1.2.0', seen: seconds('2026-01-29T00:00:00Z') }])
    const { items } = await annotations('&environment=staging')
    expect(items.map(({ version, source, time }) => [version, source, time.slice(0, 16)])).toEqual([
      ['1.2.0', 'seen', '2026-01-20T00:00'],
      ['1.1.0', 'recorded', '2026-01-11T10:00'],
    ])
  })

  it('keeps source maps, and maps stacks by them', async () => {
    const sent = await put('service=web&version=1&file=/assets/app.js', JSON.stringify(map))
    expect(sent.json()).toMatchObject({ service: 'web', version: '1', file: 'assets/app.js' })
    const stack = 'Error: no\n    at x (https://shop.example/assets/app.js?v=1:1:1)\n    at <anonymous>'
    const [mapped, otherRelease, otherFile] = await sourceMaps.map('default', [
      { service: 'web', version: '1', stack },
      { service: 'web', version: '2', stack },
      { service: 'web', version: '1', stack: stack.replace('app.js', 'xapp.js') },
    ])
    expect(mapped?.stack).toEqual({
      text: 'Error: no\n    at x (src/a.ts:3:9)\n    at <anonymous>',
      frames: [{ function: 'x', file: 'src/a.ts', line: 3, column: 9, mapped: true, code: 'a()' }],
    })
    expect([otherRelease, otherFile]).toEqual([null, null])

    // Sent again, compressed, it takes the place of the first.
    const moved = { ...map, mappings: 'AAIEA', sourcesContent: undefined }
    const gzip = { 'content-encoding': 'gzip' }
    const again = await put('service=web&version=1&file=assets/app.js', gzipSync(JSON.stringify(moved)), gzip)
    expect(again.statusCode).toBe(200)
    const [after] = await sourceMaps.map('default', [{ service: 'web', version: '1', stack }])
    expect(after?.stack.frames[0]).toMatchObject({ line: 5, column: 3, code: '' })
  })

  it('refuses a source map that is nested without end', async () => {
    const deep = `{"version":3,"sources":[],"mappings":"","x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`
    const response = await put('service=web&version=1&file=deep.js', deep)
    expect([response.statusCode, response.json<Problem>().code]).toEqual([400, 'VALIDATION_ERROR'])
  })

  it('refuses what the store cannot keep', async () => {
    for (const name of ['service', 'version', 'environment']) {
      const payload = { service: 'a', version: '1', environment: '', [name]: 'a\u0000b' }
      const response = await app.inject({ method: 'POST', url: '/annotations', payload })
      expect([201, 400], name).toContain(response.statusCode)
    }
    expect([200, 400]).toContain((await put('service=web&version=1&file=a%00b.js', JSON.stringify(map))).statusCode)
    for (const url of ['/annotations?service=a%00b', '/source-maps?service=a%00b']) {
      expect([200, 400], url).toContain((await app.inject(url)).statusCode)
    }
    await database.deleteFrom('deployments').where('service', 'like', 'a%').execute()
    await database.deleteFrom('source_maps').where('file', 'like', 'a%').execute()
  })

  it('many deployments and many versions are told apart as few are', async () => {
    const at = Date.parse('2026-03-01T00:00:00Z')
    const hour = 3_600_000
    const place = (index: number) => ({
      service: `s${index % 7}`,
      version: `v${index % 50}`,
      environment: ['', 'a', 'b'][index % 3]!,
    })
    const deployments = Array.from({ length: 3000 }, (_, index) => ({
      ...place(index * 13),
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      space: 'many',
      at: at + ((index * 7919) % 700) * hour,
      commit_id: null,
      url: null,
    }))
    const versions = Array.from({ length: 3000 }, (_, index) => ({
      service: `s${index % 7}`,
      version: `v${Math.floor(index / 7)}`,
      environment: ['a', 'b'][index % 2]!,
      space: 'many',
      first_seen: at + ((index * 104_729) % 700) * hour,
      initial: 0,
    }))
    for (let from = 0; from < 3000; from += 500) {
      await database
        .insertInto('deployments')
        .values(deployments.slice(from, from + 500))
        .execute()
      await database
        .insertInto('versions')
        .values(versions.slice(from, from + 500))
        .execute()
    }
    const range = { from: at, to: at + 30 * 24 * hour }
    const found = await readAnnotations(database, 'many', range, {})
    const expected = versions.filter(
      (version) =>
        !deployments.some(
          (one) =>
            one.service === version.service &&
            one.version === version.version &&
            (one.environment === '' || one.environment === version.environment) &&
            Math.abs(one.at - version.first_seen) < 24 * hour,
        ),
    )
    const nameOf = (one: { service: string; version: string; environment: string }) =>
      JSON.stringify([one.service, one.version, one.environment])
    const seen = found.filter(({ source }) => source === 'seen').map(nameOf)
    expect(seen.length).toBeLessThan(3000)
    expect(seen.sort()).toEqual(expected.map(nameOf).sort())
    expect(found.filter(({ source }) => source === 'recorded')).toHaveLength(3000)
  })

  it('refuses what is no source map, or too large', async () => {
    const query = 'service=web&version=1&file=a.js'
    const gzip = { 'content-encoding': 'gzip' }
    expect((await put(query, JSON.stringify({ version: 2 }))).statusCode).toBe(400)
    expect((await put(query, JSON.stringify({ version: 3 }))).statusCode).toBe(400)
    expect((await put(query, 'no JSON')).statusCode).toBe(400)
    expect((await put(query, 'no gzip', gzip)).statusCode).toBe(400)
    expect((await put(query, gzipSync(JSON.stringify(map)).subarray(0, 40), gzip)).statusCode).toBe(400)
    expect((await put(query, '{}', { 'content-encoding': 'br' })).statusCode).toBe(415)
    expect((await put('service=web&version=1', JSON.stringify(map))).statusCode).toBe(400)
    const bomb = gzipSync(JSON.stringify({ ...map, mappings: ' '.repeat(40_000_000) }))
    expect(bomb.length).toBeLessThan(100_000)
    expect((await put(query, bomb, gzip)).statusCode).toBe(413)
    const long = gzipSync(JSON.stringify({ ...map, mappings: ';'.repeat(9_000_000) }))
    expect((await put(query, long, gzip)).statusCode).toBe(413)
  })

  it('a map that is broken leaves the stack as it was sent', async () => {
    await put('service=web&version=9&file=a.js', JSON.stringify({ version: 3, sections: [{ map: null }] }))
    const stack = 'Error\n    at x (http://a/a.js:1:1)'
    expect(await sourceMaps.map('default', [{ service: 'web', version: '9', stack }])).toEqual([null])
  })

  it('keeps no more than its bound, newest releases', async () => {
    // Letters at random compress to less than five bits each.
    const random = () => Array.from({ length: 10_000 }, () => String.fromCharCode(97 + Math.random() * 26)).join('')
    for (const version of ['10', '11', '12', '13']) {
      await put(`service=web&version=${version}&file=a.js`, JSON.stringify({ ...map, sourcesContent: [random()] }))
    }
    const { items } = sourceMapsResponse.parse((await app.inject('/source-maps?service=web')).json())
    expect(items.map(({ version }) => version)).toEqual(['13', '12', '11'])
    expect(items.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(maxBytes)
    const gone = await app.inject({ method: 'DELETE', url: '/source-maps?service=web&version=12' })
    expect(gone.json()).toEqual({ deleted: 1 })
  })

  it('holds no more maps in memory than it may', async () => {
    const bounded = new SourceMaps(sourceMaps.store, { warn: () => {} }, { memory: 25_000 })
    for (const version of ['11', '13']) {
      const stack = 'Error\n    at x (http://a/a.js:1:1)'
      const [mapped] = await bounded.map('default', [{ service: 'web', version, stack }])
      expect(mapped).not.toBeNull()
      expect(bounded.memory).toBeGreaterThan(10_000)
      expect(bounded.memory).toBeLessThan(25_000)
    }
    await bounded.stop()
  })
})
