import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../src/config/load.ts'
import { settings } from '../src/config/settings.ts'
import { guestTables } from '../src/storage/clickhouse/guest-tables.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'))

const compose = z.object({
  services: z.record(
    z.string(),
    z.object({
      environment: z.record(z.string(), z.string()),
      ports: z.array(z.string()).optional(),
      volumes: z.array(z.string()),
      depends_on: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
  configs: z.record(z.string(), z.object({ content: z.string() })),
})

const collector = z.object({
  receivers: z.record(z.string(), z.unknown()),
  processors: z.record(z.string(), z.unknown()),
  exporters: z.record(z.string(), z.unknown()),
  extensions: z.record(z.string(), z.unknown()),
  service: z.object({
    extensions: z.array(z.string()),
    pipelines: z.record(
      z.enum(['traces', 'logs', 'metrics']),
      z.object({
        receivers: z.array(z.string()),
        processors: z.array(z.string()),
        exporters: z.array(z.string()),
      }),
    ),
  }),
})

describe('docker-compose.yml', () => {
  const { services, volumes, configs } = compose.parse(read('docker-compose.yml'))

  it('sets only settings that the server has, to values that it takes', () => {
    const environment = services['server']?.environment ?? {}
    for (const name of Object.keys(environment)) expect(settings.map((setting) => setting.name)).toContain(name)
    // As compose fills them in: the default behind `:-`, or a secret.
    const filled = Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}/g, (_, fallback?: string) => fallback ?? 'a'.repeat(32)),
    ])
    const { config } = loadConfig([], Object.fromEntries(filled))
    expect(config.server.host).toBe('0.0.0.0')
    expect(config.storage.clickhouseUrl).toContain('@clickhouse:8123')
  })

  it('lets SQL of people read the tables that are for it, and do no more', () => {
    const granted = [...configs['clickhouse-people']!.content.matchAll(/<query>(.*)<\/query>/g)].map(
      ([, grant]) => grant,
    )
    expect(granted).toEqual(guestTables.map((table) => `GRANT SELECT ON burstlet.${table}`))
  })

  it('publishes nothing beyond loopback, and starts what it depends on', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/)
      for (const volume of service.volumes) expect(Object.keys(volumes)).toContain(volume.split(':')[0])
      for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(services)).toContain(other)
    }
  })

  it('names every variable in .env.example', () => {
    const example = readFileSync(join(root, '.env.example'), 'utf8')
    const names = readFileSync(join(root, 'docker-compose.yml'), 'utf8').match(/(?<=\$\{)\w+/g) ?? []
    for (const name of new Set(names)) expect(example).toMatch(new RegExp(`^(# )?${name}=`, 'm'))
  })
})

it('collector-config/agent.yaml sends all three signals through parts that it configures', () => {
  const { service, ...parts } = collector.parse(read('collector-config/agent.yaml'))
  expect(Object.keys(service.pipelines).sort()).toEqual(['logs', 'metrics', 'traces'])
  for (const extension of service.extensions) expect(Object.keys(parts.extensions)).toContain(extension)
  for (const pipeline of Object.values(service.pipelines)) {
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      for (const name of pipeline[kind]) expect(Object.keys(parts[kind])).toContain(name)
    }
    expect(pipeline.processors[0]).toBe('memory_limiter')
  }
})
