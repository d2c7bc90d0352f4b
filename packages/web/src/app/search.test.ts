import { describe, expect, it } from 'vitest'
import { parseSearch, pick, stringifySearch } from './search.ts'

describe('search', () => {
  it('keeps an id of digits as text', () => {
    expect(parseSearch('?traceId=00000000000000000000000000000001')).toEqual({
      traceId: '00000000000000000000000000000001',
    })
  })
  it('goes to the URL and back, quotes and equals signs included', () => {
    const search = { filter: 'service.name = \'a&b\' AND x != "é"', from: 'now-1h' }
    expect(parseSearch(stringifySearch(search))).toEqual(search)
  })
  it('leaves out what is empty', () => {
    expect(stringifySearch({ service: '', from: undefined })).toBe('')
  })
  it('drops unknown names and defaults', () => {
    const search = pick(['service'])
    expect(search({ service: 'video', evil: 'x', from: 'now-1h', to: 'now', refresh: '10' })).toEqual({
      service: 'video',
    })
    expect(search({ from: 'now-2h', to: 'now', refresh: '0' })).toEqual({ from: 'now-2h', to: 'now', refresh: '0' })
  })
})
