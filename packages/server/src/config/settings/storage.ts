import { z } from 'zod'
import { bytes, httpUrl, type SettingGroup, secret, setting } from './setting.ts'

/** Where data lies: the data folder and its disk, ClickHouse, and the relational store. */
export const storage = {
  title: 'Storage',
  settings: {
    dataFolder: setting(
      'MONITORING_DATA_DIR',
      z.string().min(1).default('.data'),
      'folder of the spool, the embedded engine and database, made when missing; each process has one of its own',
    ),
    minFreeBytes: setting(
      'MONITORING_DISK_MIN_FREE_BYTES',
      bytes(1_073_741_824, 0),
      'bytes of the data folder’s disk that are kept free, or fewer by the next line; beyond, clients are told to send again later',
    ),
    minFreePercent: setting(
      'MONITORING_DISK_MIN_FREE_PERCENT',
      z.coerce.number().min(0).max(50).default(5),
      'percent of the disk that are kept free at most; at half of what is kept free the embedded engine inserts and merges nothing',
    ),
    clickhouseUrl: secret(
      'MONITORING_CLICKHOUSE_URL',
      httpUrl.optional(),
      'ClickHouse to use instead of the embedded engine: http://user:password@host:8123/database',
    ),
    clickhouseReaderUrl: secret(
      'MONITORING_CLICKHOUSE_READER_URL',
      httpUrl.optional(),
      'the same ClickHouse as a user that may only read: http://reader:password@host:8123/database',
    ),
    clickhouseSqlUrl: secret(
      'MONITORING_CLICKHOUSE_SQL_URL',
      httpUrl.optional(),
      'the same ClickHouse as the user that SQL of people runs as; that of the reader when unset',
    ),
    clickhouseMaxMemoryBytes: setting(
      'MONITORING_CLICKHOUSE_MAX_MEMORY_BYTES',
      bytes(2_000_000_000, 268_435_456),
      'most memory that the embedded engine may use',
    ),
    databaseUrl: secret(
      'MONITORING_DATABASE_URL',
      z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
      'PostgreSQL to use instead of the embedded SQLite: postgres://user:password@host/database',
    ),
    sourceMapsMaxBytes: setting(
      'MONITORING_SOURCE_MAPS_MAX_BYTES',
      bytes(2_147_483_648, 1_048_576),
      'most bytes of source maps that are kept, compressed; beyond, those uploaded longest ago go',
    ),
  },
} as const satisfies SettingGroup
