import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** How the process was started. */
export interface Options {
  /** Holds the tables; made when missing. One process at a time. */
  dataDirectory: string
  /** On 127.0.0.1; 0 picks a free one. */
  port: number
  /** Folder whose files `local_file=` may name; none when undefined. */
  localFiles: string | undefined
  /** `database.table`, what the user `guest` may read. */
  guestTables: readonly string[]
  /** Cap of the engine's own memory, bytes. The process needs about 400 MB on top under load. */
  maxMemory: number
  /** Bytes of the disk that inserts and merges leave free. */
  minFreeDisk: number
}

const mib = 1024 * 1024
const defaultMaxMemory = 2048 * mib
/** Below this, merges of wide parts fail. */
const minMaxMemory = 256 * mib

export const usage = `usage: chdb-server --data-dir DIR [--port N] [--local-files DIR] [--guest-tables LIST] [--max-memory BYTES] [--min-free-disk BYTES]`

/** Reads the command line. Throws an error whose message is for the terminal. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'data-dir': { type: 'string' },
      port: { type: 'string', default: '0' },
      'local-files': { type: 'string' },
      'guest-tables': { type: 'string', default: '' },
      'max-memory': { type: 'string', default: String(defaultMaxMemory) },
      'min-free-disk': { type: 'string', default: '0' },
    },
  })
  if (values['data-dir'] === undefined || values['data-dir'] === '') throw new Error('--data-dir is required')
  return {
    dataDirectory: resolve(values['data-dir']),
    port: integer('--port', values.port, 0, 65_535),
    localFiles: values['local-files'],
    guestTables: values['guest-tables']
      .split(',')
      .filter((name) => name !== '')
      .map(tableName),
    maxMemory: integer('--max-memory', values['max-memory'], minMaxMemory, Number.MAX_SAFE_INTEGER),
    minFreeDisk: integer('--min-free-disk', values['min-free-disk'], 0, Number.MAX_SAFE_INTEGER),
  }
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new Error(`${name} must be a whole number from ${least} to ${most}, not '${text}'`)
}

function tableName(text: string): string {
  if (/^\w+\.\w+$/.test(text)) return text
  throw new Error(`--guest-tables is a list of database.table with commas between, not '${text}'`)
}
