import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { firstFromEnv } from './environment-values.ts'

/** Files in PEM, by the option of a TLS connection that takes what is in them. */
export interface Certificates {
  ca?: string
  cert?: string
  key?: string
}

const variables = { ca: 'CERTIFICATE', cert: 'CLIENT_CERTIFICATE', key: 'CLIENT_KEY' } as const

/**
 * The files that OTEL_EXPORTER_OTLP_CERTIFICATE, …_CLIENT_CERTIFICATE and …_CLIENT_KEY name, or the variables of the signal
 * (TRACES, METRICS, LOGS). OpenTelemetry gives them only to agents that it makes itself. It also tells of a file that is not there.
 */
export function certificatesOf(signal: string): Certificates {
  const named = Object.entries(variables).map(
    ([option, name]) =>
      [option, firstFromEnv(`OTEL_EXPORTER_OTLP_${signal}_${name}`, `OTEL_EXPORTER_OTLP_${name}`)] as const,
  )
  return Object.fromEntries(
    named.flatMap(([option, path]) => (path !== undefined && existsSync(path) ? [[option, resolve(path)]] : [])),
  )
}

/** What is in the files. @throws where one cannot be read */
export function readCertificates(files: Certificates): { [Option in keyof Certificates]?: Buffer } {
  return Object.fromEntries(Object.entries(files).map(([option, path]) => [option, readFileSync(path)]))
}
