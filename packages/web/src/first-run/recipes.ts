/** Of the SDK that this server hands out; from vite.config.ts. */
declare const SDK_VERSION: string

/** How to send data from one kind of program. `send` is what a shell runs, line by line. */
export interface Recipe {
  id: string
  name: string
  add?: string
  send: string
  where: string
}

/** Copyable lines for each runtime; `page` is where the reader's browser reached this server, `port` where it takes OTLP/HTTP. */
export function recipes(page: URL, port: number): Recipe[] {
  const endpoint = `http://${page.hostname}:${port}`
  const exports = (service: string) =>
    `export OTEL_SERVICE_NAME=${service}\nexport OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`
  return [
    {
      id: 'node',
      name: 'Node.js',
      add: `npm install ${page.origin}/sdk/burstlet-monitoring-${SDK_VERSION}.tgz`,
      send: `export OTEL_SERVICE_NAME=video-api\nexport OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}\n\nnode --import @burstlet/monitoring/register server.js`,
      where: 'Works for ES modules and CommonJS. Traces, logs and metrics come without a change to the code.',
    },
    {
      id: 'python',
      name: 'Python',
      add: 'pip install opentelemetry-distro opentelemetry-exporter-otlp\nopentelemetry-bootstrap -a install',
      send: `${exports('video-api')}\n\nopentelemetry-instrument python app.py`,
      where: 'The OpenTelemetry distribution finds the frameworks that are installed.',
    },
    {
      id: 'java',
      name: 'Java',
      add: 'curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar',
      send: `${exports('video-api')}\n\njava -javaagent:opentelemetry-javaagent.jar -jar app.jar`,
      where: 'The agent instruments the application as it starts.',
    },
    {
      id: 'go',
      name: 'Go',
      add: 'go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp',
      send: `${exports('video-api')}\n\ngo run .`,
      where: 'Make the exporter with otlptracehttp.New(ctx): it reads these variables.',
    },
    {
      id: 'collector',
      name: 'Collector',
      send: `exporters:\n  otlphttp/burstlet:\n    endpoint: ${endpoint}\n\nservice:\n  pipelines:\n    traces: { receivers: [otlp], exporters: [otlphttp/burstlet] }\n    metrics: { receivers: [otlp], exporters: [otlphttp/burstlet] }\n    logs: { receivers: [otlp], exporters: [otlphttp/burstlet] }`,
      where: 'Add these to the configuration of a Collector that you run already.',
    },
  ]
}
