// Writes src/client/generated from docs/openapi.json: `node packages/sdk/scripts/generate-client.ts [FOLDER]`. A test runs it into
// another folder and compares, so whoever changes the API's document runs this and commits.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@hey-api/openapi-ts'

interface Document {
  paths: Record<string, Record<string, { operationId: string; summary?: string }>>
}

const packageFolder = join(import.meta.dirname, '..')
const input = join(packageFolder, '../../docs/openapi.json')
const path = process.argv[2] ?? join(packageFolder, 'src/client/generated')
const header = '// Made by scripts/generate-client.ts from docs/openapi.json; do not edit.'

await createClient({
  input,
  output: { path, header: [header], module: { extension: '.ts' }, clean: true },
  logs: { level: 'warn', file: false },
  plugins: ['@hey-api/typescript'],
})

// Nobody needs the one that re-exports the world.
rmSync(join(path, 'index.ts'), { force: true })

const { paths } = JSON.parse(readFileSync(input, 'utf8')) as Document
const operations = Object.entries(paths).flatMap(([url, methods]) =>
  Object.entries(methods).map(([method, { operationId, summary = '' }]) => ({
    id: operationId,
    type: operationId.charAt(0).toUpperCase() + operationId.slice(1),
    method: method.toUpperCase(),
    url,
    summary,
  })),
)
writeFileSync(
  join(path, 'operations.ts'),
  `${header}
import type * as api from './types.gen.ts'

/** What each operation takes and answers. */
export type Operations = {
${operations.map(({ id, type, summary }) => `  /** ${summary} */\n  ${id}: { data: api.${type}Data; answer: api.${type}Responses }`).join('\n')}
}

/** How each operation is asked for. */
export const operations: { readonly [Name in keyof Operations]: readonly [method: string, path: string] } = {
${operations.map(({ id, method, url }) => `  ${id}: ['${method}', '${url}'],`).join('\n')}
}
`,
)
