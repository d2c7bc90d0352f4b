import type { ResolvedConfig } from '@burstlet/contract/configuration'

/**
 * The configuration object as `OTEL_*` variables, so that OpenTelemetry's own reading of them stays the only one.
 * They are defaults: a variable that the environment already has wins.
 */
export function environmentOf(config: ResolvedConfig): Record<string, string> {
  const environment: Record<string, string> = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
  }
  if (config.endpoint !== undefined) environment['OTEL_EXPORTER_OTLP_ENDPOINT'] = config.endpoint
  if (config.headers !== undefined) {
    environment['OTEL_EXPORTER_OTLP_HEADERS'] = Object.entries(config.headers)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(',')
  }
  return environment
}

/**
 * Runs `action` with the defaults visible in `process.env`, and takes them out again: children of the service must not
 * inherit an ingest key, nor settings that nobody set for them.
 */
export function withEnvironment<T>(defaults: Record<string, string>, action: () => T): T {
  const added: string[] = []
  for (const [name, value] of Object.entries(defaults)) {
    if ((process.env[name] ?? '') !== '') continue
    process.env[name] = value
    added.push(name)
  }
  try {
    return action()
  } finally {
    for (const name of added) delete process.env[name]
  }
}
