import { readFileSync } from 'node:fs'
import { errorTable } from '@burstlet/contract/errors'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { apiDocument } from '../src/api-document.ts'
import { failingReader } from './failing-reader.ts'
import { createTestApi } from './test-api.ts'

interface Operation {
  readonly operationId?: string
  readonly parameters?: { name: string; in: string }[]
  readonly responses: Record<string, { content?: Record<string, { schema: unknown }> }>
}

test('docs/openapi.json is that of the routes (write it anew with scripts/write-openapi.ts)', async () => {
  const written = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')
  expect(JSON.parse(written)).toEqual(JSON.parse(await apiDocument()))
})

test('the document is one of OpenAPI 3.1', async () => {
  const result = await new Validator().validate(await apiDocument())
  expect(result).toMatchObject({ valid: true })
})

test('every operation has a name, answers with a schema and fails with a problem', async () => {
  const text = await apiDocument()
  const { openapi, paths, components } = JSON.parse(text) as {
    openapi: string
    components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }> }> }
    paths: Record<string, Record<string, Operation>>
  }
  expect(openapi).toMatch(/^3\.1/)
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { operationId, responses } of operations) {
    const success = responses['200'] ?? responses['201'] ?? responses['202']
    const [answer] = Object.values(success?.content ?? {})
    if (!responses['204']) expect(answer?.schema, operationId).toBeTypeOf('object')
    const failure = responses['default']?.content?.['application/problem+json']?.schema
    expect(failure, operationId).toEqual({ $ref: '#/components/schemas/Problem' })
  }
  expect(components.schemas['Problem']?.properties['code']?.enum).toEqual(Object.keys(errorTable))
  const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map((match) => match[1])
  const named = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`)
  expect(new Set(references)).toEqual(new Set(named))
  const logs = paths['/api/v1/monitoring/logs']?.['get']
  expect(logs?.parameters?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['level', 'search', 'filter', 'from', 'to', 'limit', 'cursor', 'format']),
  )
})

test('the page is made of our own files only, under a strict policy', async () => {
  const reader = failingReader()
  const app = await createTestApi(reader)
  const html = await app.inject('/api/docs/')
  expect(html.statusCode).toBe(200)
  expect(html.headers['content-security-policy']).toContain("default-src 'self'")
  const links = [...html.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
  expect(links.length).toBeGreaterThan(3)
  for (const link of links) {
    expect(link).toMatch(/^\.\/static\//)
    expect((await app.inject(`/api/docs/${link.slice(2)}`)).statusCode, link).toBe(200)
  }
  expect(html.body).not.toMatch(/<script>|<style>|https?:\/\//)
  await app.close()
})

test('failures that are ours tell nothing of themselves', async () => {
  const reader = failingReader('secret of the engine at 10.0.0.1')
  const app = await createTestApi(reader)
  const failed = await app.inject('/services')
  expect(failed.json()).toMatchObject({ status: 500, code: 'INTERNAL_ERROR', requestId: expect.any(String) })
  expect(failed.body).not.toContain('secret')
  const unknown = await app.inject({ method: 'POST', url: '/services?x=1' })
  expect(unknown.json()).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    detail: 'There is no POST /api/v1/monitoring/services.',
  })
  await app.close()
})
