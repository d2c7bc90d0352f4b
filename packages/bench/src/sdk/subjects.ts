/** A way to instrument a service: what npm installs, and how Node is started. */
export interface SdkSubject {
  readonly name: string
  /** Exact versions. The SDK of this repository is given as the path of its tarball. */
  readonly packages: Readonly<Record<string, string>>
  readonly nodeArguments: readonly string[]
  readonly environment: (sink: string) => Readonly<Record<string, string>>
}

const otlp = (sink: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: sink, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' })

/** All of them, each as its own instructions say, with every trace kept. */
export function sdkSubjects(tarball: string): SdkSubject[] {
  return [
    { name: 'none', packages: {}, nodeArguments: [], environment: () => ({}) },
    {
      name: 'plain OpenTelemetry',
      packages: { '@opentelemetry/api': '1.10.0', '@opentelemetry/auto-instrumentations-node': '0.82.0' },
      nodeArguments: ['--require', '@opentelemetry/auto-instrumentations-node/register'],
      environment: otlp,
    },
    {
      name: 'burstlet',
      packages: { '@burstlet/monitoring': `file:${tarball}` },
      nodeArguments: ['--require', '@burstlet/monitoring/register'],
      environment: otlp,
    },
    {
      name: 'sentry',
      packages: { '@sentry/node': '11.12.0' },
      nodeArguments: ['--require', './sentry.cjs'],
      environment: (sink) => ({ SENTRY_DSN: sink.replace('http://', 'http://key@').concat('/1') }),
    },
    {
      name: 'elastic',
      packages: { '@elastic/opentelemetry-node': '1.18.0' },
      nodeArguments: ['--require', '@elastic/opentelemetry-node'],
      environment: otlp,
    },
    {
      name: 'hyperdx',
      packages: { '@hyperdx/node-opentelemetry': '0.11.0' },
      nodeArguments: ['--require', '@hyperdx/node-opentelemetry/build/src/tracing'],
      environment: (sink) => ({ ...otlp(sink), HYPERDX_API_KEY: 'key' }),
    },
  ]
}

export const frameworks = { express: '5.3.0', fastify: '5.12.8' } as const
export type Framework = keyof typeof frameworks
export const autocannonVersion = '9.0.0'
