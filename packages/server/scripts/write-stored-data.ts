// Writes `test/stored-data/VERSION.tar.gz`: the data folder of this version after a few captures, for the tests of later
// ones. Run once at each release: node packages/server/scripts/write-stored-data.ts
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@burstlet/testkit/server'
import { keptForTests, postCapture, storedCaptures, storedDataFolder } from '@burstlet/testkit/stored-data'
import { version } from '../src/config/version.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-stored-data-'))
const server = await startServer({ dataDir, environment: keptForTests })
for (const capture of storedCaptures()) await postCapture(server.otlpHttp, capture)
await server.stop()
const file = join(storedDataFolder, `${version}.tar.gz`)
// The secret key of an installation is nobody else's.
execFileSync('tar', ['-czf', file, '--exclude=./secret-key', '-C', dataDir, '.'])
await rm(dataDir, { recursive: true })
process.stdout.write(`${file}\n`)
