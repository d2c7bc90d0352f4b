import { setTimeout as sleep } from 'node:timers/promises'
import { business, health, type Identity, logger, security } from '@burstlet/monitoring'

// What each app of this folder does, whatever framework serves it.

health.register('warehouse', () => true)

/** The headers stand for a session store and a login. */
export function whoIs(headers: Record<string, string | string[] | undefined>): Identity {
  return { user: headers['x-user'], session: headers['x-session'] }
}

export function placeOrder(id: string): { order: string } {
  business.event('order.placed', { plan: 'pro' })
  if (id === '13') security.event('order.suspicious', { order: id }, 'error')
  logger.info('order placed', { order: id })
  return { order: id }
}

export async function beSlow(): Promise<{ slow: true }> {
  await sleep(1100)
  return { slow: true }
}

export function fail(): never {
  throw new RangeError('this route fails')
}

/** The next service of the chain, or none. */
export async function passOn(): Promise<unknown> {
  const next = process.env['NEXT']
  if (next === undefined) return { end: true }
  return (await fetch(`${next}/chain`)).json()
}
