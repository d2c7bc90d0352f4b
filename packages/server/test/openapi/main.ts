// `npm run test:openapi -- --minutes 10 --seed 1`: schemathesis makes requests from the OpenAPI document of a running server, valid
// ones and others, and holds the answers against it. It is Python's, so it lives in an environment of its own.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '@burstlet/testkit/server'
import { postCapture, storedCaptures } from '@burstlet/testkit/stored-data'

const version = '4.32.5'
const environment = join(import.meta.dirname, '../../../../node_modules/.cache', `schemathesis-${version}`)
const program = join(environment, 'bin/schemathesis')

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})

/** Whether the environment is there, or could be made. */
function prepare(): boolean {
  if (existsSync(program)) return true
  const made = spawnSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
  if (made.error || made.status !== 0) return false
  const pip = join(environment, 'bin/pip')
  return spawnSync(pip, ['install', '--quiet', `schemathesis==${version}`], { stdio: 'inherit' }).status === 0
}

if (!prepare()) {
  process.stderr.write(
    'This needs Python 3.10 or newer with venv, and PyPI: python3 -m venv, pip install schemathesis.\n',
  )
  process.exit(2)
}
const server = await startServer({ environment: { MONITORING_INGEST_THREADS: '1' } })
try {
  for (const capture of storedCaptures()) await postCapture(server.otlpHttp, capture)
  await server.settled()
  process.exitCode = await run()
} finally {
  await server.stop()
}

/**
 * The document as schemathesis takes it: it rewrites the tuples of answers to an older form by itself, and then finds that form at fault.
 * Here their items may come in any order; the tests of the API hold answers to the document as it is.
 */
async function writeDocument(): Promise<string> {
  const headers = { authorization: `Bearer ${server.apiKey}` }
  const text = await (await fetch(`${server.api}/api/openapi.json`, { headers })).text()
  const document = JSON.parse(text, (key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('prefixItems' in value)) return value
    const { prefixItems, ...tuple } = value
    return key === 'properties' ? value : { ...tuple, items: { anyOf: prefixItems } }
  }) as object
  const file = join(server.dataDir, 'openapi.json')
  await writeFile(file, JSON.stringify(document))
  return file
}

async function run(): Promise<number> {
  const args = [
    'run',
    await writeDocument(),
    `--url=${server.api}`,
    `--header=Authorization: Bearer ${server.apiKey}`,
    `--max-time=${Number(values.minutes) * 60}`,
    `--seed=${values.seed}`,
    '--phases=examples,coverage,fuzzing',
    '--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,valid_requests_are_taken',
    // Server-sent events have no end.
    '--exclude-path=/api/v1/monitoring/logs/tail',
    '--request-timeout=30',
    '--continue-on-failure',
    '--workers=1',
    '--suppress-health-check=all',
    '--no-color',
  ]
  const child = spawn(program, args, {
    stdio: 'inherit',
    // Where it keeps notes of its own.
    cwd: server.dataDir,
    env: {
      ...process.env,
      SCHEMATHESIS_HOOKS: 'checks',
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)))
}
