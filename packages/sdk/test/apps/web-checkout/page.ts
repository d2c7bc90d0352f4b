import { startWebMonitoring } from '../../../src/web.ts'
import { totalOf } from './cart.ts'

declare const RELEASE: string
declare const OTLP: string

const monitoring = startWebMonitoring({ endpoint: OTLP, serviceName: 'checkout-web', serviceVersion: RELEASE })

// In the second release all of the script stands elsewhere, under other short names.
if (RELEASE !== '1.0.0') {
  const announce = (text: string) => document.body.append(text)
  for (const letter of RELEASE) announce(letter)
}

function checkOut(): void {
  document.title = `total ${totalOf([10, 20, undefined])}`
}

document.querySelector('#pay')?.addEventListener('click', () => checkOut())
document.querySelector('#trace')?.addEventListener('click', () => {
  void monitoring.trace('check out', checkOut).catch(() => {})
})
