import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { useRanged } from './use-api.ts'
import type { usePaged } from './use-paged.ts'

/** Stands before the API as a proxy does, and says what a proxy says. */
const proxy = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://proxy')
  if (pathname.endsWith('/health')) response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
  if (pathname.endsWith('/services')) response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')
  if (pathname.endsWith('/overview')) {
    const errors = [{ path: 'from', message: 'Not a time' }]
    const problem = { code: 'VALIDATION_ERROR', detail: 'Wrong range', errors, requestId: 'r1' }
    response.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
  }
  if (pathname.endsWith('/ingest')) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{')
    setImmediate(() => response.destroy())
  }
  if (pathname.endsWith('/logs')) response.end(JSON.stringify({ asked: request.url }))
})
let client: typeof import('./client.ts')

beforeAll(async () => {
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  vi.stubGlobal('location', { origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
  client = await import('./client.ts')
})
afterAll(() => {
  vi.unstubAllGlobals()
  proxy.closeAllConnections()
  proxy.close()
})

describe('request', () => {
  it('leaves out parameters that are undefined and repeats those that are lists', async () => {
    const answer = await client.request('searchLogs', { level: ['error', 'fatal'], service: undefined, limit: 2 })
    expect(answer).toEqual({ asked: '/api/v1/monitoring/logs?level=error&level=fatal&limit=2' })
  })

  it('throws what the API says is wrong, by parameter', async () => {
    await expect(client.request('getOverview', {})).rejects.toMatchObject({
      status: 400,
      code: 'VALIDATION_ERROR',
      detail: 'Wrong range',
      errors: [{ path: 'from', message: 'Not a time' }],
      requestId: 'r1',
    })
  })

  it('has a code and words also for what the API did not write', async () => {
    const refusals = [
      client.request('getHealth', {}),
      client.request('listServices', {}),
      client.request('getIngest', {}),
    ]
    const errors = await Promise.all(refusals.map((refusal) => refusal.catch((error: unknown) => error)))
    for (const error of errors) expect(error).toBeInstanceOf(client.ApiError)
    expect(errors).toMatchObject([
      { status: 502, code: 'HTTP_502', detail: 'The server answered 502.', errors: [] },
      { status: 0, code: 'NOT_THE_API', errors: [] },
      { status: 0, code: 'UNREACHABLE', errors: [] },
    ])
  })

  it('is aborted by its signal, which is no error of the API', async () => {
    const signal = AbortSignal.abort()
    await expect(client.request('getHealth', {}, { signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('takes and answers what docs/openapi.json says and nothing else, by its types', () => {
  interface Asking {
    request: typeof client.request
    useRanged: typeof useRanged
    usePaged: typeof usePaged
  }
  // Compiled and not run: each line below an expectation has to be an error.
  const wrong = async ({ request, useRanged, usePaged }: Asking) => {
    // @ts-expect-error no operation has this name
    await request('getOverveiw', {})
    // @ts-expect-error a path without its value
    await request('getTrace', { limit: 5 })
    // @ts-expect-error a value that the path does not have
    await request('getTrace', {}, { path: { id: '1' } })
    // @ts-expect-error a required parameter is missing
    await request('listExemplars', { limit: 5 })
    // @ts-expect-error a parameter is misspelt
    await request('searchLogs', { servcie: 'a' })

    const range = { from: 'now-1h', to: 'now' }
    // @ts-expect-error a parameter is misspelt beside a spread
    await request('searchLogs', { ...range, servcie: 'a' })
    // @ts-expect-error a value that the parameter does not take
    await request('searchTraces', { status: 'unset' })
    // @ts-expect-error a parameter is misspelt beside a spread
    useRanged('countLogs', { ...{ service: 'a' }, intreval: 60 })
    // @ts-expect-error the page's own range is taken
    useRanged('countLogs', range)
    // @ts-expect-error an operation without parameters
    await request('getHealth', { limit: 1 })
    // @ts-expect-error an operation without a range
    useRanged('getHealth', {})
    // @ts-expect-error an answer that is no list
    usePaged('countLogs', {})
    // @ts-expect-error a field that the response does not have
    useRanged('listServices', {}).data?.items[0]?.reqests
    // @ts-expect-error a field that the items do not have
    usePaged('searchTraces', {}).items[0]?.rootservice
    // @ts-expect-error a field of another response
    return (await request('getTrace', {}, { path: { traceId: '1' } })).items
  }
  expect(wrong).toBeTypeOf('function')
})
