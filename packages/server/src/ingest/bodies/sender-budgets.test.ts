import { describe, expect, it } from 'vitest'
import { peerName, SenderBudgets } from './sender-budgets.ts'

describe('SenderBudgets', () => {
  const stranger = (connection: object, address = '10.0.0.1') => ({ connection, address, hasKey: false })

  it('bounds what comes over one connection, from one peer without a key, and in all', () => {
    const budgets = new SenderBudgets({ total: 100, peer: 50, connection: 30 })
    const connection = {}
    const first = budgets.open(stranger(connection))
    expect(first.resize(30)).toBe(true)
    expect(budgets.open(stranger(connection)).resize(1)).toBe(false)
    expect(budgets.open(stranger({})).resize(21)).toBe(false)
    const second = budgets.open(stranger({}))
    expect(second.resize(20)).toBe(true)
    expect(budgets.open({ ...stranger({}), hasKey: true }).resize(25)).toBe(true)
    expect(budgets.open(stranger({}, '10.0.0.2')).resize(26)).toBe(false)
    expect(budgets.open(stranger({}, '10.0.0.2')).resize(25)).toBe(true)
    first.close()
    expect(budgets.open(stranger({})).resize(30)).toBe(true)
  })

  it('gives back what a body becomes smaller by', () => {
    const budgets = new SenderBudgets({ total: 100, peer: 50, connection: 30 })
    const body = budgets.open(stranger({}))
    body.resize(30)
    body.resize(10)
    expect(body.has(30)).toBe(true)
    expect(body.has(31)).toBe(false)
  })

  it('keeps a part for bodies up to a megabyte', () => {
    const megabyte = 1024 * 1024
    const budgets = new SenderBudgets({ total: 100 * megabyte, peer: 40 * megabyte, connection: 100 * megabyte })
    const large = budgets.open(stranger({}))
    expect(large.resize(30 * megabyte)).toBe(true)
    expect(large.resize(31 * megabyte)).toBe(false)
    const small = Array.from({ length: 11 }, () => budgets.open(stranger({})).resize(megabyte))
    expect(small).toEqual([...Array<boolean>(10).fill(true), false])
  })
})

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:0db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, ''],
])('takes the peer %s for %s', (address, name) => {
  expect(peerName(address)).toBe(name)
})
