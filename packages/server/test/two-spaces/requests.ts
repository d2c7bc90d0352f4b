import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import type { Ask } from './asks.ts'
import { type SpaceName, traceIdOf } from './telemetry.ts'

interface Operation {
  readonly operationId: string
}

export const prefix = '/api/v1/monitoring'
const document = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}
export const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]) => ({ id: operationId, method: method.toUpperCase(), path })),
)
export const spaces = ['a', 'b'] as const
export const otherOf = (space: SpaceName): SpaceName => (space === 'a' ? 'b' : 'a')
export const keyOf = (space: SpaceName) => space.repeat(32)
/** Marks and ids of a space. */
export const traceOf = (space: SpaceName) => new RegExp(`only-${space}|${traceIdOf(space).slice(0, 14)}`, 'i')

export function requestOf(space: SpaceName, id: string, { path = {}, query = {}, body }: Ask) {
  const operation = operations.find((each) => each.id === id)
  if (!operation) throw new Error(`there is no operation ${id}`)
  const url = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  )
  return {
    method: operation.method as 'GET',
    url: `${url}?${parameters}`,
    headers: { authorization: `Bearer ${keyOf(space)}`, host: 'localhost' },
    ...(body && { payload: body }),
  }
}

export async function answerOf(asked: FastifyInstance, space: SpaceName, id: string, ask: Ask): Promise<string> {
  const { statusCode, body } = await asked.inject(requestOf(space, id, ask))
  expect(statusCode, `${id} ${body}`).toBeLessThan(500)
  return body
}

export const nameOf = (id: string, ask: Ask) => `${id} ${JSON.stringify({ ...ask, finds: undefined })}`

/** An answer without what it repeats of its question. */
export function withoutEcho(answer: string, { path, query, body }: Ask): string {
  const texts = JSON.stringify([path, query, body]).matchAll(/"((?:[^"\\]|\\.)*)"/g)
  const marks = [...texts].flatMap(([, text]) => text!.match(/only-[\w-]+|\b(?:[ab0d]{16}|[ab0d]{32})\b/g) ?? [])
  return [...new Set(marks)]
    .sort((one, another) => another.length - one.length)
    .reduce((left, mark) => left.replaceAll(new RegExp(`${mark}(?![\\w-])`, 'g'), ''), answer)
}

/** What does not change from one moment to the next, nor with what is stored beside it. */
export function figuresOf(answer: string): string {
  const volatile = new Set([
    'meta',
    'timestamp',
    'since',
    'health',
    'spool',
    'inserts',
    'storage',
    'minutes',
    'uptime',
    'statements',
  ])
  const text = answer.startsWith('{')
    ? JSON.stringify(JSON.parse(answer), (key, value) => (volatile.has(key) ? undefined : value))
    : answer
  return text
}

/** Of a space, with its own parameters: what it finds. */
export function findsOwn(answer: string, space: SpaceName, ask: Ask): boolean {
  const finds = ask.finds ?? traceOf(space)
  return typeof finds === 'string' || finds.test(withoutEcho(answer, ask))
}
