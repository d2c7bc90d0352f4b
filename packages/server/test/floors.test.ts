import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

// The linter holds the floors (biome.json). What it cannot say stands here: circles of folders, and which feature reads which.

const source = join(import.meta.dirname, '../src')

/** Features that read others, each through one function. All else that several need is a feature below them, or on a lower floor. */
const mayRead: Readonly<Record<string, readonly string[]>> = {
  'custom-metrics': ['metrics'],
  logs: ['source-maps'],
  metrics: ['red'],
  overview: ['logs', 'metrics', 'red', 'services', 'traces'],
  query: ['logs', 'metrics', 'red'],
  'service-map': ['red'],
  services: ['errors', 'red', 'service-map'],
  traces: ['source-maps'],
}

/** A file beside the folders is a floor of its own: `app.ts` lies below the roles, `main.ts` above them. */
const floorOf = (file: string) => (dirname(file) === '.' ? file : dirname(file))

/** Folders, each with those that it imports from. */
function importsOfFolders(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>()
  for (const file of globSync('**/*.ts', { cwd: source })) {
    if (file.endsWith('.test.ts')) continue
    const folder = floorOf(file)
    const found = imports.get(folder) ?? new Set()
    imports.set(folder, found)
    for (const [, path] of readFileSync(join(source, file), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)) {
      const from = floorOf(normalize(join(dirname(file), path!)))
      if (from !== folder && !from.startsWith('..')) found.add(from)
    }
  }
  return imports
}

/** A way from a folder back to itself. */
function circleOf(start: string, imports: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const ways = [[start]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of imports.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}

test('no folder runs in a circle with another', () => {
  const imports = importsOfFolders()
  expect(imports.size).toBeGreaterThan(30)
  expect([...imports.keys()].map((folder) => circleOf(folder, imports)).filter(Boolean)).toEqual([])
})

test('a feature reads only the features that it may', () => {
  const features = [...importsOfFolders()].filter(([folder]) => folder.startsWith('features/'))
  const read = features.map(([folder, from]) => [
    folder.split('/')[1]!,
    [...new Set([...from].filter((path) => path.startsWith('features/')).map((path) => path.split('/')[1]!))]
      .filter((feature) => feature !== folder.split('/')[1])
      .sort(),
  ])
  expect(Object.fromEntries(read.filter(([, others]) => others!.length > 0))).toEqual(mayRead)
})
