import { randomBytes, randomInt } from 'node:crypto'

/** An attribute in the form that protobufjs encodes. */
export interface Attribute {
  key: string
  value: object
}

export const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } })
export const integer = (key: string, value: number): Attribute => ({ key, value: { intValue: value } })
export const double = (key: string, value: number): Attribute => ({ key, value: { doubleValue: value } })
export const flag = (key: string, value: boolean): Attribute => ({ key, value: { boolValue: value } })

export function pick<T>(values: readonly T[]): T {
  const value = values[randomInt(values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

export const hex = (bytes: number) => randomBytes(bytes).toString('hex')

/** Nanoseconds since 1970, within the last second. */
export const justNow = () => String(BigInt(Date.now()) * 1_000_000n - BigInt(randomInt(1_000_000_000)))

const services = ['gateway', 'video', 'transcoder', 'search', 'billing', 'auth', 'notifications', 'recommendations']

/** Ten attributes, as a service in a cluster sends them; one of eight services. */
export function resourceOf(index: number): { attributes: Attribute[] } {
  const service = services[index % services.length] ?? ''
  return {
    attributes: [
      text('service.name', service),
      text('service.version', `4.${index % 8}.1`),
      text('service.instance.id', `${service}-7c9f8d6b5-x2kq${index % 8}`),
      text('deployment.environment.name', 'production'),
      text('host.name', `node-${index % 8}`),
      text('k8s.pod.name', `${service}-7c9f8d6b5-x2kq${index % 8}`),
      text('k8s.namespace.name', 'burstlet'),
      text('telemetry.sdk.name', 'opentelemetry'),
      text('telemetry.sdk.language', 'nodejs'),
      text('telemetry.sdk.version', '2.12.0'),
    ],
  }
}

const words =
  'request upload segment codec bitrate manifest worker queue cache token session playback retry timeout chunk'.split(
    ' ',
  )

/** Words with a number or an id among them, about `length` characters. */
export function sentence(length: number): string {
  let line = ''
  while (line.length < length - 12) line += `${randomInt(6) === 0 ? randomInt(100_000) : pick(words)} `
  return `${line}id=${hex(4)}`
}
