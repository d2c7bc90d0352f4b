import { join } from 'node:path'

/** Where what was taken waits for ClickHouse; the embedded engine reads it from there. */
export const spoolFolder = (dataFolder: string) => join(dataFolder, 'segments')
