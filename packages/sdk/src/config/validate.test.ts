import { describe, expect, it } from 'vitest'
import { defaultConfig } from './defaults.ts'
import { serverSettingsIn, validateConfig } from './validate.ts'

describe('validateConfig', () => {
  it('fills in the defaults of the specification', () => {
    const { config, problems } = validateConfig({})
    expect(problems).toEqual([])
    expect(config).toEqual(defaultConfig)
    expect(config).toMatchObject({
      enabled: true,
      collectInterval: 60,
      retentionDays: 30,
      services: { database: true, redis: true, externalApis: [] },
      metrics: { system: true, application: true, custom: true },
      alerts: { enabled: true, defaultChannels: [] },
      logging: { level: 'info', retention: 7 },
      tracing: { enabled: true, samplingRate: 1 },
    })
  })

  it('takes the whole object as the specification writes it', () => {
    const whole = {
      enabled: false,
      collectInterval: 30,
      retentionDays: 14,
      services: { database: false, redis: true, externalApis: ['api.example.com'] },
      metrics: { system: false, application: true, custom: false },
      alerts: { enabled: true, defaultChannels: ['EMAIL', { type: 'slack', url: 'https://example.com' }] },
      logging: { level: 'WARN', retention: 3 },
      tracing: { enabled: true, samplingRate: 0.25 },
    }
    const { config, problems } = validateConfig(whole)
    expect(problems).toEqual([])
    expect(config).toEqual({
      ...whole,
      alerts: { enabled: true, defaultChannels: ['email', { type: 'slack', url: 'https://example.com' }] },
      logging: { level: 'warn', retention: 3 },
      requests: defaultConfig.requests,
      database: defaultConfig.database,
    })
  })

  it('replaces only what is bad, and names it', () => {
    const { config, problems } = validateConfig({
      collectInterval: 5,
      tracing: { samplingRate: 2, enabled: false },
      logging: { level: 'loud' },
      colour: 'red',
    })
    expect(config.collectInterval).toBe(5)
    expect(config.tracing).toEqual({ samplingRate: 1, enabled: false })
    expect(config.logging.level).toBe('info')
    expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual([
      'colour',
      'logging.level',
      'tracing.samplingRate',
    ])
  })

  it.each([null, 7, 'yes', [], { services: null }, { tracing: [] }, { alerts: { defaultChannels: [{}, 'email'] } }])(
    'survives %j',
    (input) => {
      const { config, problems } = validateConfig(input)
      expect(problems.length).toBeGreaterThan(0)
      expect(config.tracing.samplingRate).toBe(1)
    },
  )

  it('refuses functions, which are no plain data', () => {
    expect(validateConfig({ enabled: () => true }).problems).toEqual([
      'configuration: holds something that is not plain data',
    ])
  })
})

it('serverSettingsIn names what only the server acts on', () => {
  expect(serverSettingsIn({ retentionDays: 1, logging: { level: 'info' }, tracing: {} })).toEqual(['retentionDays'])
  expect(serverSettingsIn({ alerts: {}, logging: { retention: 1 } })).toEqual(['alerts', 'logging.retention'])
  expect(serverSettingsIn(undefined)).toEqual([])
})
