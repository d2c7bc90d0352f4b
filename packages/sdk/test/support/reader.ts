import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type App, spawnApp } from './app.ts'

export const sdk = fileURLToPath(new URL('../..', import.meta.url))

/** The blocks of a document, relative to the package, that are fenced with this language. */
export function blocks(document: string, language: string): string[] {
  const text = readFileSync(join(sdk, document), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!)
}

/** The project of somebody who reads the documents: the SDK is installed in it, and these packages. */
export function readersProject(packages: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-reader-'))
  const link = (target: string, name: string) => {
    const path = join(folder, 'node_modules', name)
    mkdirSync(dirname(path), { recursive: true })
    symlinkSync(target, path)
  }
  link(sdk, '@burstlet/monitoring')
  for (const name of packages) link(join(sdk, 'node_modules', name), name)
  writeFileSync(join(folder, 'package.json'), '{"name":"reader","type":"module"}')
  return folder
}

/** A program that ends as soon as it listens, and on any port. */
export function thatEnds(code: string): string {
  return code
    .replace('await app.listen(3000)', 'await app.listen(0)\nawait app.close()')
    .replace('listen(3000)', 'listen(0, () => process.exit(0))')
    .replace(/listen\(\{ port: 3000 \}\)/, 'listen({ port: 0 })\nawait app.close()')
}

/** Runs a block as its reader would. */
export function runBlock(
  folder: string,
  file: string,
  code: string,
  options: { endpoint: string; env?: Record<string, string> },
): App {
  writeFileSync(join(folder, file), thatEnds(code))
  const nodeArguments = code.includes('init(') ? [] : ['--import', '@burstlet/monitoring/register']
  return spawnApp(file, { ...options, cwd: folder, nodeArguments })
}
