import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { spaceOf } from './request-context.ts'

it.each([undefined, '', 1, null])('never assumes a space: %j', (space) => {
  expect(() => spaceOf({ space } as unknown as FastifyRequest)).toThrow('a request without a space')
})

it('is the space that the request was let into', () => {
  expect(spaceOf({ space: 'a' } as FastifyRequest)).toBe('a')
})
