// Prints the clock as this process, a child and the embedded engine have it, in seconds since 1970: as JSON.
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from '../run-step.ts'

interface Session {
  query(sql: string, format: string): string
  cleanup(): void
}

const require = createRequire(join(root, 'packages/chdb-server/package.json'))
const { Session } = require('chdb') as { Session: new () => Session }
const session = new Session()
const engine = session.query(
  'SELECT toUnixTimestamp(now()), toUnixTimestamp(now64(0)), toUnixTimestamp(today())',
  'CSV',
)
session.cleanup()
const [now, precise, midnight] = engine.trim().split(',').map(Number)
const child = Number(execFileSync('date', ['+%s'], { encoding: 'utf8' }))
process.stdout.write(JSON.stringify({ node: Math.floor(Date.now() / 1000), child, now, precise, midnight }))
