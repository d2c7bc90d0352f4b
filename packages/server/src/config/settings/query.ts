import { bytes, count, type SettingGroup, setting } from './setting.ts'

/** What one question may cost. */
export const query = {
  title: 'Query',
  settings: {
    maxSeconds: setting(
      'MONITORING_QUERY_MAX_SECONDS',
      count(10, 60),
      'longest that one question may take of the engine',
    ),
    maxMemoryBytes: setting(
      'MONITORING_QUERY_MAX_MEMORY_BYTES',
      bytes(1_000_000_000, 67_108_864),
      'most memory of the engine that one question may use',
    ),
    heavyAtOnce: setting(
      'MONITORING_QUERY_HEAVY_AT_ONCE',
      count(2, 64),
      'questions that may read millions of rows at the same time; others wait for their turn',
    ),
  },
} as const satisfies SettingGroup
