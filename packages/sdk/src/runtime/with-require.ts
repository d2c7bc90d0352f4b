import { requireFrom } from './require-from.ts'

/**
 * Runs `load`, inside of a bundle where `require` exists. In a bundle of esbuild in the format of ES modules, CommonJS packages
 * ask the global `require` for Node's own modules, and there is none unless the bundle's author makes one.
 */
export function withRequire<T>(isBundled: boolean, load: () => T): T {
  const holder = globalThis as { require?: unknown }
  if (!isBundled || holder.require !== undefined) return load()
  const require = requireFrom(undefined)
  // Without its cache, by which OpenTelemetry would see what was loaded before and complain.
  holder.require = (name: string) => require(name) as unknown
  try {
    return load()
  } finally {
    delete holder.require
  }
}
