import { specifiedRetention } from '@burstlet/contract/configuration'
import { days, type SettingGroup, setting } from './setting.ts'

/** Days that a fresh installation keeps. */
export const defaultRetention = { traces: 7, ...specifiedRetention } as const

/** How long telemetry is kept. */
export const retention = {
  title: 'Retention',
  settings: {
    traces: setting('MONITORING_RETENTION_TRACES_DAYS', days(defaultRetention.traces), 'days that spans are kept'),
    logs: setting('MONITORING_RETENTION_LOGS_DAYS', days(defaultRetention.logs), 'days that logs are kept'),
    metrics: setting('MONITORING_RETENTION_METRICS_DAYS', days(defaultRetention.metrics), 'days that metrics are kept'),
  },
} as const satisfies SettingGroup
