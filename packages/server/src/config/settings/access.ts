import { key, type SettingGroup, secret } from './setting.ts'

/** Keys of programs, and what secrets of the server are made from. */
export const access = {
  title: 'Access',
  settings: {
    bootstrapApiKey: secret(
      'MONITORING_BOOTSTRAP_API_KEY',
      key.optional(),
      'admin key of the REST API for unattended set-ups',
    ),
    ingestKey: secret(
      'MONITORING_INGEST_KEY',
      key.optional(),
      'key that OTLP clients must send as `Authorization: Bearer KEY`',
    ),
    secretKey: secret(
      'MONITORING_SECRET_KEY',
      key.optional(),
      'signs cookies; without it one is made and kept in the data folder. The same for all processes of an installation',
    ),
  },
} as const satisfies SettingGroup
