import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Builds the page's script as a release would: one small file, its source map beside it for the backend, not for visitors.
 * @param folder where `assets/page.js` and `assets/page.js.map` go
 * @returns the script
 */
export function buildPage(folder: string, release: string): Buffer {
  const outfile = join(folder, 'assets/page.js')
  buildSync({
    entryPoints: [join(import.meta.dirname, 'page/page.ts')],
    outfile,
    define: { RELEASE: JSON.stringify(release) },
    bundle: true,
    minify: true,
    sourcemap: 'external',
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  })
  return readFileSync(outfile)
}
