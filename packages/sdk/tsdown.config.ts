import { defineConfig } from 'tsdown'

// What is published: ESM and CommonJS, each with its types. In the workspace nothing is built.
export default defineConfig({
  entry: ['src/monitoring.ts', 'src/register.ts', 'src/host.ts'],
  format: ['esm', 'cjs'],
  platform: 'node',
  target: 'node22.15',
  dts: true,
  shims: true,
  fixedExtension: true,
  sourcemap: true,
  clean: true,
})
