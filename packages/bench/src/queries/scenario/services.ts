/** Fifty services of one shop, the busiest first. */
export const services =
  'gateway web-bff mobile-bff auth catalog search cart checkout pricing inventory orders payments users sessions recommendations reviews media thumbnails notifications mailer sms push shipping tracking warehouse invoices tax fraud ledger refunds coupons loyalty campaigns segments events-collector analytics reports exports imports feeds translations geo currency config flags audit support chat scheduler webhooks'.split(
    ' ',
  )

/** Of each service. */
export const instances = 2

/** Attributes of an instance as a service in a cluster sends them. */
export function resourceAttributes(service: string, instance: number): Record<string, string> {
  const pod = `${service}-7c9f8d6b5-x2k${String.fromCharCode(97 + instance)}`
  return {
    'service.name': service,
    'service.version': `4.${service.length}.1`,
    'service.instance.id': pod,
    'deployment.environment.name': 'production',
    'host.name': `node-${(services.indexOf(service) * 3 + instance) % 24}`,
    'k8s.pod.name': pod,
    'k8s.namespace.name': 'shop',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '2.12.0',
  }
}

/** The same numbers from 0 to 1 at every run (mulberry32), so that two runs have the same shapes. */
export function repeatable(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
