import { startWebMonitoring } from '../../../src/web.ts'
import { totalOf } from './cart.ts'

declare const release: string
declare const otlp: string

const monitoring = startWebMonitoring({ endpoint: otlp, serviceName: 'checkout-web', serviceVersion: release })

// In the second release all of the script stands elsewhere, under other short names.
if (release !== '1.0.0') {
  const announce = (text: string) => document.body.append(text)
  for (const letter of release) announce(letter)
}

function checkOut(): void {
  document.title = `total ${totalOf([10, 20, undefined])}`
}

document.querySelector('#pay')?.addEventListener('click', () => checkOut())
document.querySelector('#trace')?.addEventListener('click', () => {
  void monitoring.trace('check out', checkOut).catch(() => {})
})
