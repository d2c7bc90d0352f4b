// The SDK in sites of Next.js, each installed, built and asked as its users do: minutes and half a gigabyte, so no part of
// `npm test`, where the other bundlers are. `npm run test:bundlers [-- 16]` for one version.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { eventually } from '@burstlet/testkit/eventually'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { packSdk } from '../support/packed.ts'
import { nextApp, requests } from './next-app.ts'

const rounds = 3
const wanted = process.argv.slice(2)
const versions = ['15', '16'].filter((version) => wanted.length === 0 || wanted.includes(version))
const packed = packSdk()
const failures: string[] = []
for (const version of versions) {
  const folder = install(version)
  try {
    for (const bundler of ['turbopack', 'webpack']) {
      const problems = await check(folder, version, bundler)
      process.stdout.write(`Next.js ${version}, ${bundler}: ${problems.length === 0 ? 'good' : problems.join('; ')}\n`)
      failures.push(...problems)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
packed.remove()
process.exitCode = failures.length === 0 ? 0 : 1

function install(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), `burstlet-next-${version}-`))
  for (const [path, source] of Object.entries({ ...nextApp, 'package.json': '{"name":"site","private":true}' })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), source)
  }
  const packages = [`next@${version}`, 'react@19', 'react-dom@19', 'typescript@5', '@types/react@19', '@types/node@24']
  const options = ['--no-audit', '--no-fund', '--prefer-offline']
  execFileSync('npm', ['install', ...options, ...packages, packed.tarball], { cwd: folder, stdio: 'pipe' })
  return folder
}

async function check(folder: string, version: string, bundler: string): Promise<string[]> {
  const next = join(folder, 'node_modules/next/dist/bin/next')
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const }
  // Turbopack is the default from 16 on, webpack before.
  const flag = (version === '15') === (bundler === 'webpack') ? [] : [`--${bundler}`]
  rmSync(join(folder, '.next'), { recursive: true, force: true })
  try {
    execFileSync(process.execPath, [next, 'build', ...flag], { cwd: folder, env, stdio: 'pipe' })
  } catch (error) {
    return [`the build failed: ${String((error as { stderr?: Buffer }).stderr).slice(-1000)}`]
  }
  const receiver = await startOtlpReceiver()
  try {
    return await ask(folder, next, receiver)
  } finally {
    await receiver.close()
  }
}

async function ask(folder: string, next: string, receiver: OtlpReceiver): Promise<string[]> {
  const port = await freePort()
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  }
  const site = spawn(process.execPath, [next, 'start', '-p', String(port)], { cwd: folder, env, stdio: 'pipe' })
  const ended = once(site, 'close')
  let stderr = ''
  site.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const problems: string[] = []
  try {
    const url = `http://127.0.0.1:${port}`
    await eventually(() => fetch(`${url}/nothing`).catch(() => undefined))
    // The first request loads `instrumentation.ts`, and what Next.js makes of it is its own.
    await fetch(`${url}/nothing`)
    const paths = Array.from({ length: rounds }, () => Object.keys(requests)).flat()
    for (const path of paths) {
      const response = await fetch(url + path)
      if (response.status !== 200) problems.push(`${path} answered ${response.status}`)
      await response.text()
    }
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const expected = paths.map((path) => requests[path]).toSorted()
    const found = receiver.received.spans.filter((span) => span.kind === 2).map((span) => span.name)
    const served = found.filter((name) => name !== 'GET' && !/\/nothing|_not-found/.test(name)).toSorted()
    if (JSON.stringify(served) !== JSON.stringify(expected)) problems.push(`server spans: ${served.join(', ')}`)
    if (stderr.includes('[burstlet]')) problems.push(stderr)
  } finally {
    site.kill()
    await ended
  }
  return problems
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
