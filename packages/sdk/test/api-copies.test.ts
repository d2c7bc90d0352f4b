import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp } from './support/app.ts'
import { type Packed, packSdk } from './support/packed.ts'

// Trees of packages that package managers make when they are told not to mind peer dependencies, or do not look at them.
let receiver: OtlpReceiver
let packed: Packed
beforeAll(async () => {
  receiver = await startOtlpReceiver()
  packed = packSdk(['express'])
  const server = `const server = express()
  .get('/orders/:id', (_request, response) => trace('work', () => response.send('served')))
  .listen(0, '127.0.0.1', () => process.stdout.write('http://127.0.0.1:' + server.address().port + '\\n'))`
  const esm = "import express from 'express'\nimport { trace } from '@burstlet/monitoring'\n"
  const cjs = "const express = require('express')\nconst { trace } = require('@burstlet/monitoring')\n"
  writeFileSync(join(packed.folder, 'app.mjs'), esm + server)
  writeFileSync(join(packed.folder, 'app.cjs'), cjs + server)
}, 180_000)
afterAll(async () => {
  await receiver?.close()
  packed?.remove()
})

/** The API as the application has it: without one, or in an old version that knows traces only. */
function give(version: string | undefined): void {
  const folder = join(packed.folder, 'node_modules/@opentelemetry/api')
  rmSync(folder, { recursive: true, force: true })
  if (version === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: '@opentelemetry/api', version, main: 'index.js' }))
  writeFileSync(join(folder, 'index.js'), 'exports.trace = { getTracer() {} }\nexports.context = { active() {} }\n')
}

const trees = [
  ['none', undefined, 'is not installed, so nothing is monitored'],
  ['an old one', '1.4.1', '1.4.1 in'],
] as const

it.each(trees.flatMap((tree) => ['app.mjs', 'app.cjs'].map((file) => [...tree, file] as const)))(
  'with %s (%s) the application runs, and one line says what to do',
  async (_name, version, said, file) => {
    give(version)
    const app = await startApp(file, {
      endpoint: receiver.url,
      cwd: packed.folder,
      nodeArguments: ['--import', '@burstlet/monitoring/register'],
    })
    try {
      const response = await fetch(`${app.url}/orders/7`)
      expect([response.status, await response.text()]).toEqual([200, 'served'])
      const lines = app.stderr().trim().split('\n')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain(`[burstlet] @opentelemetry/api ${said}`)
      expect(lines[0]).toContain('npm install --force @opentelemetry/api@1.10')
    } finally {
      await app.stop()
    }
  },
)

/** What npm answers to an install, and where it would put the API; nothing is downloaded but what packages say of themselves. */
function npm(
  dependencies: Record<string, string>,
  ...options: string[]
): { stderr: string; places: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-npm-'))
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', dependencies }))
    const args = ['install', '--package-lock-only', '--prefer-offline', '--no-audit', '--no-fund', ...options]
    const { stderr } = spawnSync('npm', [...args, packed.tarball], { cwd: folder, encoding: 'utf8' })
    if (!existsSync(join(folder, 'package-lock.json'))) return { stderr, places: {} }
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>
    }
    const copies = Object.entries(lock.packages).filter(([path]) => path.endsWith('node_modules/@opentelemetry/api'))
    return { stderr, places: Object.fromEntries(copies.map(([path, { version }]) => [path, version])) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

it('npm installs the API where nobody has it, and refuses a tree that cannot work', () => {
  expect(npm({}).places).toEqual({ 'node_modules/@opentelemetry/api': expect.stringMatching(/^1\.10\./) })
  const old = npm({ '@opentelemetry/api': '1.4.1' })
  expect(old.stderr).toContain('peer @opentelemetry/api@">=1.10.0 <1.11.0" from @burstlet/monitoring')
  expect(old.places).toEqual({})
}, 120_000)
