import { join } from 'node:path'
import type { Config } from './settings.ts'

/** Where what was taken waits for ClickHouse; the embedded engine reads it from there. */
export const spoolFolder = (config: Config) => join(config.MONITORING_DATA_DIR, 'segments')
