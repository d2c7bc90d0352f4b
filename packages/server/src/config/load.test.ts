import { describe, expect, it } from 'vitest'
import { helpText } from './help.ts'
import { ConfigError, loadConfig } from './load.ts'
import { isLoopbackHost } from './loopback.ts'
import { settings } from './settings.ts'

const key = 'k'.repeat(32)

describe('loadConfig', () => {
  it('has the documented defaults', () => {
    const { config } = loadConfig([], {})
    expect(config).toMatchObject({
      MONITORING_HOST: '127.0.0.1',
      MONITORING_API_PORT: 3300,
      MONITORING_OTLP_HTTP_PORT: 4318,
      MONITORING_DATA_DIR: '.data',
      MONITORING_RETENTION_TRACES_DAYS: 7,
      MONITORING_RETENTION_METRICS_DAYS: 30,
      MONITORING_OTLP_CORS_ORIGINS: [],
    })
  })

  it('lets a flag win over the environment, and takes an empty variable as unset', () => {
    const { config } = loadConfig(['--api-port', '1'], { MONITORING_API_PORT: '2', MONITORING_OTLP_HTTP_PORT: '' })
    expect(config.MONITORING_API_PORT).toBe(1)
    expect(config.MONITORING_OTLP_HTTP_PORT).toBe(4318)
  })

  it.each([
    [{ MONITORING_API_PORT: '70000' }, /MONITORING_API_PORT/],
    [{ MONITORING_API_PORT: 'many' }, /MONITORING_API_PORT/],
    [{ MONITORING_BOOTSTRAP_API_KEY: 'short' }, /at least 32/],
    [{ MONITORING_CLICKHOUSE_URL: 'ftp://x' }, /http:\/\/ or https/],
    [{ MONITORING_OTLP_CORS_ORIGINS: 'nonsense' }, /MONITORING_OTLP_CORS_ORIGINS/],
    [{ MONITORING_RETENTION_LOGS_DAYS: '0' }, /MONITORING_RETENTION_LOGS_DAYS/],
  ])('refuses %o and says where', (environment, message) => {
    expect(() => loadConfig([], environment)).toThrow(message)
  })

  it('refuses an unknown flag', () => {
    expect(() => loadConfig(['--no-such'], {})).toThrow(ConfigError)
  })

  it.each(['0.0.0.0', '::', '192.168.1.4', 'example.org'])('refuses to listen on %s without an ingest key', (host) => {
    expect(() => loadConfig(['--host', host], {})).toThrow(/MONITORING_INGEST_KEY/)
    expect(loadConfig(['--host', host], { MONITORING_INGEST_KEY: key }).config.MONITORING_HOST).toBe(host)
  })

  it('prints every setting in --help, and no default of a secret', () => {
    for (const name of Object.keys(settings)) expect(helpText()).toContain(name)
  })
})

describe('isLoopbackHost', () => {
  it.each(['127.0.0.1:3300', 'localhost', 'localhost:1', '[::1]:3300', '127.1.2.3'])('takes %s', (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  })
  it.each([undefined, '', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1'])(
    'refuses %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false)
    },
  )
})
