import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compression } from 'vite-plugin-compression2'

/** Where `vite` (development only) sends API calls; the built page is served by the server itself. */
const server = process.env['MONITORING_SERVER'] ?? 'http://127.0.0.1:3300'

function versionIn(folder: string): string {
  const manifest = readFileSync(join(import.meta.dirname, folder, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

export default defineConfig({
  plugins: [
    react(),
    // Compressed once, as the page is built; the server sends what the browser takes.
    compression({ algorithms: ['gzip', 'brotliCompress'], include: /\.(js|css|svg|json)$/, threshold: 1024 }),
  ],
  define: { PAGE_VERSION: JSON.stringify(versionIn('.')), SDK_VERSION: JSON.stringify(versionIn('../sdk')) },
  build: {
    outDir: 'dist',
    // Pages that are open ask for chunks of the build that they came with; hashed names let both stand side by side.
    emptyOutDir: false,
    // The server's policy is `default-src 'self'`: nothing may be inlined as a data: font or script.
    assetsInlineLimit: 0,
    target: 'es2023',
    // Not named in the scripts: the server applies them to the stacks that the page reports.
    sourcemap: 'hidden',
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: server, changeOrigin: true },
      '/sign-in': { target: server, changeOrigin: true },
    },
  },
})
