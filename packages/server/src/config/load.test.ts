import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from './config-error.ts'
import { helpText } from './help.ts'
import { loadConfig } from './load.ts'
import { isLoopbackHost } from './loopback.ts'
import { settingsText } from './print-settings.ts'
import { settings } from './settings.ts'

const key = 'k'.repeat(32)
const clickhouse = { MONITORING_CLICKHOUSE_URL: 'http://clickhouse:8123' }
const postgres = { MONITORING_DATABASE_URL: 'postgres://user:hidden-password@postgres/burstlet' }

describe('loadConfig', () => {
  it('has the documented defaults', () => {
    const { config } = loadConfig([], {})
    expect(config).toMatchObject({
      server: { host: '127.0.0.1', apiPort: 3300, otlpHttpPort: 4318, roles: ['ingest', 'query', 'scheduler'] },
      storage: { dataFolder: '.data' },
      retention: { traces: 7, logs: 7, metrics: 30 },
      ingest: { corsOrigins: [] },
    })
  })

  it('lets a flag win over the environment, and takes an empty variable as unset', () => {
    const environment = { MONITORING_API_PORT: '2', MONITORING_OTLP_HTTP_PORT: '', MONITORING_INGEST_THREADS: '3' }
    const { config, sources } = loadConfig(['--api-port', '1'], environment)
    expect(config.server).toMatchObject({ apiPort: 1, otlpHttpPort: 4318 })
    expect(sources.get('MONITORING_API_PORT')).toBe('flag')
    expect(sources.get('MONITORING_INGEST_THREADS')).toBe('environment')
    expect(sources.get('MONITORING_OTLP_HTTP_PORT')).toBe('default')
  })

  it.each([
    [{ MONITORING_API_PORT: '70000' }, /MONITORING_API_PORT/],
    [{ MONITORING_API_PORT: 'many' }, /MONITORING_API_PORT/],
    [{ MONITORING_BOOTSTRAP_API_KEY: 'short' }, /at least 32/],
    [{ MONITORING_CLICKHOUSE_URL: 'ftp://x' }, /http:\/\/ or https/],
    [{ MONITORING_OTLP_CORS_ORIGINS: 'nonsense' }, /MONITORING_OTLP_CORS_ORIGINS/],
    [{ MONITORING_RETENTION_LOGS_DAYS: '0' }, /MONITORING_RETENTION_LOGS_DAYS/],
    [
      { MONITORING_ROLES: 'ingest,api' },
      /MONITORING_ROLES: there is no role api; the roles are ingest, query, scheduler/,
    ],
    [{ MONITORING_ROLES: ' , ' }, /MONITORING_ROLES: names no role; the roles are ingest, query, scheduler/],
    [{ MONITORING_ROLES: 'query' }, /several processes need MONITORING_CLICKHOUSE_URL .* and MONITORING_DATABASE_URL/],
    [{ MONITORING_ROLES: 'query', ...clickhouse }, /several processes need MONITORING_DATABASE_URL/],
    [{ MONITORING_CONFIG: '/nowhere/monitoring.json' }, /MONITORING_CONFIG \/nowhere\/monitoring.json: cannot be read/],
  ])('refuses %o and says where', (environment, message) => {
    expect(() => loadConfig([], environment)).toThrow(message)
  })

  it('refuses an unknown flag', () => {
    expect(() => loadConfig(['--no-such'], {})).toThrow(ConfigError)
  })

  it.each(['0.0.0.0', '::', '192.168.1.4', 'example.org'])('refuses to listen on %s without an ingest key', (host) => {
    expect(() => loadConfig(['--host', host], {})).toThrow(/MONITORING_INGEST_KEY/)
    expect(loadConfig(['--host', host], { MONITORING_INGEST_KEY: key }).config.server.host).toBe(host)
  })

  it('prints every setting in --help, and no default of a secret', () => {
    for (const { name } of settings) expect(helpText()).toContain(name)
  })

  it('takes some of the roles where the stores can be shared; one that takes no OTLP needs no ingest key', () => {
    const shared = { ...clickhouse, ...postgres }
    const rolesOf = (roles: string) => loadConfig([], { ...shared, MONITORING_ROLES: roles }).config.server.roles
    expect(rolesOf('scheduler, query,query')).toEqual(['query', 'scheduler'])
    expect(loadConfig(['--host', '0.0.0.0', '--roles', 'query'], shared).config.server.host).toBe('0.0.0.0')
    expect(() => loadConfig(['--host', '0.0.0.0', '--roles', 'ingest'], shared)).toThrow(/MONITORING_INGEST_KEY/)
  })

  it('prints every setting with its source, and no secret', () => {
    const text = settingsText(loadConfig(['--api-port', '1'], { ...postgres, MONITORING_BOOTSTRAP_API_KEY: key }))
    expect(text).toMatch(/MONITORING_API_PORT +1 +flag\n/)
    expect(text).toMatch(/MONITORING_DATABASE_URL +\(set\) +environment\n/)
    expect(text).toMatch(/MONITORING_CLICKHOUSE_URL +- +default\n/)
    expect(text).not.toMatch(/hidden-password|kkkk/)
    for (const { name } of settings) expect(text).toContain(name)
  })
})

describe('MONITORING_CONFIG', () => {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-config-'))
  const file = join(folder, 'monitoring.json')
  const write = (content: unknown) =>
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  const environment = { MONITORING_CONFIG: file }
  afterAll(() => rmSync(folder, { recursive: true }))

  it('is the configuration object of the specification; environment and flags win over it', () => {
    write({ retentionDays: 14, logging: { retention: 3, level: 'WARN' }, alerts: { defaultChannels: ['email'] } })
    const { config, sources, file: read } = loadConfig([], environment)
    expect(config.retention).toEqual({ traces: 7, logs: 3, metrics: 14 })
    expect(sources.get('MONITORING_RETENTION_LOGS_DAYS')).toBe('file')
    expect(read?.unused).toEqual(['logging.level', 'alerts.defaultChannels'])
    expect(settingsText({ config, sources, file: read })).toContain(`file ${file}`)
    const told = { ...environment, MONITORING_RETENTION_LOGS_DAYS: '5' }
    const both = loadConfig(['--retention-metrics-days', '6'], told)
    expect(both.config.retention).toEqual({ traces: 7, logs: 5, metrics: 6 })
    expect(both.sources.get('MONITORING_RETENTION_LOGS_DAYS')).toBe('environment')
    expect(both.sources.get('MONITORING_RETENTION_METRICS_DAYS')).toBe('flag')
  })

  it('changes nothing that it does not say', () => {
    write({})
    expect(loadConfig([], environment).config.retention).toEqual(loadConfig([], {}).config.retention)
  })

  it.each([
    [{ logging: { retention: 0 } }, /monitoring\.json: logging\.retention: Too small/],
    [{ retentionDays: '30' }, /monitoring\.json: retentionDays: Invalid input: expected number/],
    [{ tracing: { colour: 'red' } }, /monitoring\.json: tracing\.colour: no such setting/],
    [{ services: { externalApis: ['a', ''] } }, /monitoring\.json: services\.externalApis\.1: /],
    [[], /monitoring\.json: the object: Invalid input: expected object/],
    ['{"retentionDays": 30,', /monitoring\.json: is not JSON: /],
  ])('refuses %j and says where', (content, message) => {
    write(content)
    expect(() => loadConfig([], environment)).toThrow(message)
    expect(() => loadConfig([], environment)).toThrow(ConfigError)
  })

  it('names every fault', () => {
    write({ retentionDays: 0, logging: { retention: 0 }, colour: 'red' })
    expect(() => loadConfig([], environment)).toThrow(/retentionDays.*\n.*logging\.retention.*\n.*colour/)
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
