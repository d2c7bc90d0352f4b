import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Builds the page's script as a release would: one small file, its source map beside it for the backend, not for visitors.
 * @param folder where `assets/page.js` and `assets/page.js.map` go
 * @returns the script
 */
export function buildPage(folder: string, release: string): Uint8Array {
  const demo = join(import.meta.dirname, '../..')
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, 'page/page.ts')],
    // The source map names sources as seen from here, so it knows nothing of where the demo keeps its data.
    outfile: join(demo, 'page.js'),
    write: false,
    define: { RELEASE: JSON.stringify(release) },
    bundle: true,
    minify: true,
    sourcemap: 'external',
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  })
  const assets = join(folder, 'assets')
  mkdirSync(assets, { recursive: true })
  for (const { path, contents } of outputFiles) writeFileSync(join(assets, basename(path)), contents)
  return outputFiles.find(({ path }) => path.endsWith('.js'))!.contents
}
