import { describe, expect, it } from 'vitest'
import { isForeignWrite } from './foreign-write.ts'

const host = '127.0.0.1:3300'
const publicOrigin = 'https://monitoring.example'
const own = ['http://127.0.0.1:3300', publicOrigin]
const foreign = [
  undefined,
  'null',
  'NULL',
  '',
  'file://',
  'about:blank',
  'data:text/html,x',
  '127.0.0.1:3300',
  '//127.0.0.1:3300',
  'ftp://127.0.0.1:3300',
  'http://127.0.0.1:8080',
  'http://localhost:3300',
  'http://127.0.0.1:3300.evil.example',
  'http://evil.example/127.0.0.1:3300',
  'http://monitoring.example',
  'https://monitoring.example:8443',
  'chrome-extension://abc',
]
const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none'] as const
const headersOf = (origin: string | undefined, site: string | undefined) => ({
  host,
  ...(origin !== undefined && { origin }),
  ...(site !== undefined && { 'sec-fetch-site': site }),
})

describe.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s', (method) => {
  it.each(own)('from %s is ours, unless the browser says otherwise', (origin) => {
    for (const site of sites) {
      const isOurs = site === undefined || site === 'same-origin'
      expect(isForeignWrite({ method, headers: headersOf(origin, site) }, publicOrigin), `${site}`).toBe(!isOurs)
    }
  })

  it.each(foreign)('from %s is not, with or without an address of ours', (origin) => {
    for (const site of sites) {
      expect(isForeignWrite({ method, headers: headersOf(origin, site) }, publicOrigin), `${site}`).toBe(true)
      expect(isForeignWrite({ method, headers: headersOf(origin, site) }, undefined), `${site}`).toBe(true)
    }
  })
})

it('reading is not writing', () => {
  for (const method of ['GET', 'HEAD']) {
    expect(isForeignWrite({ method, headers: headersOf('https://evil.example', 'cross-site') }, undefined)).toBe(false)
  }
})
