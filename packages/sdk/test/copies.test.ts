import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { sdkName, sdkVersion } from '../src/runtime/version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Finds a dependency as Node does: in the node_modules of this folder, or of one above. */
function resolve(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(candidate)) return realpathSync(candidate)
    if (dirname(folder) === folder) return undefined
  }
}

function copies(root: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const visited = new Set<string>()
  const visit = (folder: string) => {
    if (visited.has(folder)) return
    visited.add(folder)
    const { dependencies = {}, peerDependencies = {} } = manifestOf(folder)
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      const target = resolve(name, folder)
      if (target === undefined) continue
      found.set(name, (found.get(name) ?? new Set()).add(target))
      visit(target)
    }
  }
  visit(realpathSync(root))
  return found
}

// Two copies of the API or the SDK do not see each other: spans get lost without a word.
it('each OpenTelemetry package, and each module hook, is installed once', () => {
  const ours = [...copies(root)].filter(([name]) => /^@opentelemetry\/|^(import|require)-in-the-middle$/.test(name))
  expect(ours.length).toBeGreaterThan(30)
  const twice = ours.filter(([, places]) => places.size > 1).map(([name, places]) => [name, [...places]])
  expect(twice).toEqual([])
})

it('the SDK knows its own name and version', () => {
  const { name, version } = manifestOf(root)
  expect([sdkName, sdkVersion]).toEqual([name, version])
})
