// Writes docs/openapi.json. Run it after a change of the API; a test compares the two.
import { writeFileSync } from 'node:fs'
import { apiDocument } from '../src/api-document.ts'

writeFileSync(new URL('../../../docs/openapi.json', import.meta.url), await apiDocument())
