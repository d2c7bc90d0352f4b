import { z } from 'zod'

/** A frame of a stack, in the source that people wrote where a source map was found for it. */
export const mappedFrame = z.object({
  function: z.string().describe('Empty when unknown'),
  file: z.string().describe('Of the source when `mapped`, else as it was sent'),
  line: z.number().int().describe('From 1'),
  column: z.number().int().describe('From 1'),
  mapped: z.boolean(),
  code: z.string().describe('The line of the source; empty when the source map has no sources'),
})
export type MappedFrame = z.infer<typeof mappedFrame>

/** A stack after source maps. What was sent stays where it was. */
export const mappedStack = z.object({
  text: z.string().describe('The stack with the positions of the sources'),
  frames: z.array(mappedFrame).describe('Innermost first'),
})
export type MappedStack = z.infer<typeof mappedStack>
