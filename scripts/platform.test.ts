import { expect, test } from 'vitest'
import { chooseNode, engineBesideTheLockfile } from './platform.mjs'

const bundled = 'node_modules/node/bin/node'

test('tasks run on the Node of the lockfile where npm has one, else on the one that runs, if it is new enough', () => {
  const old = { path: '/usr/bin/node', version: 'v20.20.2' }
  expect(chooseNode({ bundled, exists: () => true, running: old, platform: 'linux-x64' })).toEqual({ path: bundled })
  const recent = { path: '/opt/node', version: 'v24.4.0' }
  expect(chooseNode({ bundled, exists: () => false, running: recent, platform: 'darwin-arm64' })).toEqual({
    path: '/opt/node',
  })
  expect(chooseNode({ bundled, exists: () => false, running: old, platform: 'darwin-arm64' })).toEqual({
    problem: expect.stringContaining('install Node 24 or newer'),
  })
})

test('the engine comes from beside the lockfile where the lockfile lacks it', () => {
  const optionalDependencies = { '@chdb/lib-darwin-arm64': '1.2.3', '@chdb/lib-linux-arm64-gnu': '1.2.3' }
  const engine = (platform: string) => engineBesideTheLockfile({ platform, optionalDependencies })
  expect(engine('linux-x64')).toBeUndefined()
  expect(engine('darwin-arm64')).toBe('@chdb/lib-darwin-arm64@1.2.3')
  expect(engine('linux-arm64')).toBe('@chdb/lib-linux-arm64-gnu@1.2.3')
  expect(engine('win32-x64')).toBeUndefined()
})
