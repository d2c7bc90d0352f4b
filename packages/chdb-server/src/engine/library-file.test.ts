import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { libraryFile } from './library-file.ts'

async function folderWith(name: string, file: string): Promise<string> {
  const beside = await mkdtemp(join(tmpdir(), 'burstlet-engine-'))
  onTestFinished(() => rm(beside, { recursive: true }))
  await mkdir(join(beside, 'node_modules', name), { recursive: true })
  await writeFile(join(beside, 'node_modules', name, file), '')
  return beside
}

test.runIf(`${process.platform}-${process.arch}` === 'linux-x64')('the engine of the lockfile is found', () => {
  expect(libraryFile('linux-x64', '/nowhere')).toMatch(/lib-linux-x64-gnu\/libchdb\.so$/)
})

test.each([
  ['darwin-arm64', '@chdb/lib-darwin-arm64', 'libchdb.so'],
  ['darwin-x64', '@chdb/lib-darwin-x64', 'libchdb.dylib'],
  ['linux-arm64', '@chdb/lib-linux-arm64-gnu', 'libchdb.so'],
])('the engine for %s is found where it was installed beside the lockfile', async (platform, name, file) => {
  const beside = await folderWith(name, file)
  expect(libraryFile(platform, beside)).toBe(join(beside, 'node_modules', name, file))
})

test('what is missing is said, with the way out', () => {
  expect(() => libraryFile('darwin-arm64', '/nowhere')).toThrow(/is not installed; set MONITORING_CLICKHOUSE_URL/)
  expect(() => libraryFile('win32-x64', '/nowhere')).toThrow(/no build for win32-x64; set MONITORING_CLICKHOUSE_URL/)
})
