import { buildParserFile } from '@lezer/generator'

/** Grammar text -> the two generated files, as TypeScript. @throws GenError when the grammar is wrong */
export function generate(grammar: string): { parser: string; terms: string } {
  return buildParserFile(grammar, {
    fileName: 'filter.grammar',
    moduleStyle: 'es',
    typeScript: true,
    exportName: 'parser',
    warn: (message) => {
      throw new Error(message)
    },
  })
}
