import type { FastifyRequest } from 'fastify'
import { expect, it } from 'vitest'
import { spaceOf } from './request-context.ts'

it('never assumes a space', () => {
  expect(() => spaceOf({ space: 'a' } as unknown as FastifyRequest)).toThrow('A request without a principal')
})

it("is the space of the request's principal", () => {
  expect(spaceOf({ principal: { space: 'a' } } as unknown as FastifyRequest)).toBe('a')
})
