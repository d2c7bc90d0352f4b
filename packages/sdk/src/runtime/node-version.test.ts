import { expect, it } from 'vitest'
import { unsupportedNode } from './node-version.ts'

it.each([
  ['20.20.2', false],
  ['22.14.0', false],
  ['22.15.0', true],
  ['23.0.0', true],
  ['24.21.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(unsupportedNode(version) === undefined).toBe(supported)
})
