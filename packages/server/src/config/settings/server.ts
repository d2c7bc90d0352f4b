import { z } from 'zod'
import { roles } from './roles.ts'
import { httpUrl, port, type SettingGroup, setting } from './setting.ts'

/** The process: what it does, where it listens, and what it writes of itself. */
export const server = {
  title: 'Server',
  settings: {
    roles: setting(
      'MONITORING_ROLES',
      roles,
      'what this process does, separated by commas; where another process does the rest, all need the same ClickHouse and PostgreSQL',
    ),
    configurationFile: setting(
      'MONITORING_CONFIG',
      z.string().min(1).optional(),
      'JSON file with the configuration object that the SDK takes; retentionDays and logging.retention are read from it',
    ),
    host: setting(
      'MONITORING_HOST',
      z.string().min(1).default('127.0.0.1'),
      'address to listen on; beyond loopback an ingest key is needed',
    ),
    apiPort: setting('MONITORING_API_PORT', port(3300), 'port of the REST API and the page (0: any free one)'),
    otlpHttpPort: setting('MONITORING_OTLP_HTTP_PORT', port(4318), 'port of OTLP/HTTP (0: any free one)'),
    otlpGrpcPort: setting('MONITORING_OTLP_GRPC_PORT', port(4317), 'port of OTLP/gRPC (0: any free one)'),
    publicUrl: setting(
      'MONITORING_PUBLIC_URL',
      httpUrl.optional(),
      'address under which people reach the page, if it is not loopback',
    ),
    pageTelemetry: setting(
      'MONITORING_PAGE_TELEMETRY',
      z.stringbool().default(false),
      'whether the page sends telemetry of its own: loads, requests, web vitals and errors of those who are signed in',
    ),
    logLevel: setting(
      'MONITORING_LOG_LEVEL',
      z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
      'least severe of the server’s own log lines that are printed',
    ),
  },
} as const satisfies SettingGroup
