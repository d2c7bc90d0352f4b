import { buildParserFile } from '@lezer/generator'

export const grammars = ['filter', 'aggregate', 'formula'] as const

/** Grammar text -> the two generated files, as TypeScript. @throws GenError when the grammar is wrong */
export function generate(name: string, grammar: string): { parser: string; terms: string } {
  return buildParserFile(grammar, {
    fileName: `${name}.grammar`,
    moduleStyle: 'es',
    typeScript: true,
    exportName: 'parser',
    warn: (message) => {
      throw new Error(message)
    },
  })
}
