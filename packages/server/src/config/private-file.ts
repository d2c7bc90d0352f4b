import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'

/** Makes a file that only its owner may read, or makes one that is there already so. */
export function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600)
  else closeSync(openSync(path, 'a', 0o600))
}
