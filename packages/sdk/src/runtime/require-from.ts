import { pathToFileURL } from 'node:url'

/**
 * Node's `require` as a file would have it; without one, as the program's own. Bundlers follow `createRequire`, and some of them
 * replace what they cannot follow by an error: what is taken from `process` they leave alone.
 *
 * @throws where this is no Node
 */
export function requireFrom(file: string | undefined): NodeJS.Require {
  const { createRequire } = process.getBuiltinModule('node:module')
  return createRequire(file ?? process.argv[1] ?? pathToFileURL(`${process.cwd()}/`))
}
