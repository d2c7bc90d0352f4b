import { afterEach, describe, expect, it } from 'vitest'
import { sdkState } from '../runtime/state.ts'
import { scrub, scrubAttributes } from './scrub.ts'
import { isSecretKey, scrubText, scrubUrl } from './sensitive.ts'

afterEach(() => {
  sdkState().scrubbers.length = 0
})

it.each(['password', 'user.password', 'http.request.header.authorization', 'accessToken', 'x-api-key', 'set-cookie'])(
  '%s is a secret',
  (key) => expect(isSecretKey(key)).toBe(true),
)
it.each(['gen_ai.usage.input_tokens', 'passenger', 'monkey', 'http.route', 'keyboard', 'secretary'])(
  '%s is none',
  (key) => expect(isSecretKey(key)).toBe(false),
)

describe('scrubUrl', () => {
  it.each([
    ['https://a.example/x?token=abc&page=2', 'https://a.example/x?token=[redacted]&page=2'],
    ['token=abc', 'token=[redacted]'],
    ['page=2', 'page=2'],
    ['https://ann:pw@a.example/', 'https://[redacted]@a.example/'],
    ['/cb?code=1&X-Amz-Signature=2#t', '/cb?code=[redacted]&X-Amz-Signature=[redacted]#t'],
    ['/plain/path', '/plain/path'],
    ['/x?access%5Ftoken=1', '/x?access%5Ftoken=[redacted]'],
  ])('%s', (url, expected) => expect(scrubUrl(url)).toBe(expected))
})

describe('scrubText', () => {
  it.each([
    ['sent Bearer abcdef.123456', 'sent Bearer [redacted]'],
    ['jwt eyJhbGciOiJI.eyJzdWIiOiIx.abc', 'jwt [redacted]'],
    ['postgres://ann:pw@db/x refused', 'postgres://[redacted]@db/x refused'],
    ['the bearer was late', 'the bearer was late'],
  ])('%s', (text, expected) => expect(scrubText(text)).toBe(expected))
})

it('takes secrets out of attributes, nested ones too, and statements lose their literals', () => {
  const attributes = {
    'http.route': '/x',
    'db.query.text': "SELECT * FROM t WHERE name = 'Ann'",
    form: { user: 'ann', password: 'pw' },
    tokens: 7,
  }
  scrubAttributes(attributes)
  expect(attributes).toEqual({
    'http.route': '/x',
    'db.query.text': 'SELECT * FROM t WHERE name = ?',
    form: { user: 'ann', password: '[redacted]' },
    tokens: 7,
  })
})

it('asks the hooks for more: another value, none, and none where a hook throws', () => {
  scrub((key, value) => (key === 'email' ? undefined : value))
  scrub((key, value) => {
    if (key === 'odd') throw new Error('hook fails')
    return key === 'plan' ? 'hidden' : value
  })
  const attributes = { email: 'ann@example.com', plan: 'pro', odd: 1, kept: 'yes' }
  scrubAttributes(attributes)
  expect(attributes).toEqual({ plan: 'hidden', kept: 'yes' })
})
