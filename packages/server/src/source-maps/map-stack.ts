import type { MappedFrame, MappedStack } from '@burstlet/contract/mapped-stack'
import { fileOfFrame, framesOf, type SentFrame } from './frames.ts'
import type { Original, ScriptPlace } from './locator-messages.ts'

const longestStack = 32_000

/** Finds places of a script in its sources; undefined when its map cannot be used, null for a place that it says nothing of. */
export type Locate = (file: string, places: readonly ScriptPlace[]) => Promise<readonly (Original | null)[] | undefined>

/**
 * A stack in the places of the sources.
 * @param files those of the release that have a source map
 * @returns null when no frame is in one of them
 */
export async function mapStack(
  stack: string,
  files: ReadonlyMap<string, unknown>,
  locate: Locate,
): Promise<MappedStack | null> {
  const lines = stack.slice(0, longestStack).split('\n')
  const sent = framesOf(lines)
  const originals = new Map<SentFrame, Original>()
  const inFile = Map.groupBy(sent, (frame) => fileOfFrame(frame.file, files))
  for (const [file, frames] of inFile) {
    if (file === undefined) continue
    const places = frames.map(({ line, column }): ScriptPlace => [line, Math.max(0, column - 1)])
    const located = await locate(file, places)
    for (const [index, original] of (located ?? []).entries()) if (original) originals.set(frames[index]!, original)
  }
  if (originals.size === 0) return null
  const frames = sent.map((frame, index) =>
    frameOf(frame, originals.get(frame), index + 1 < sent.length ? originals.get(sent[index + 1]!) : undefined),
  )
  for (const [index, { index: line }] of sent.entries()) {
    const frame = frames[index]!
    if (frame.mapped) lines[line] = lineOf(frame)
  }
  return { text: lines.join('\n'), frames }
}

/**
 * A source map names tokens, not the function around a place. What the frame's caller calls is the name of the function;
 * where that is not known, what the script calls it stays.
 */
function frameOf(sent: SentFrame, original: Original | undefined, caller: Original | undefined): MappedFrame {
  const name = caller?.name ?? sent.function
  if (!original) {
    const { file, line, column } = sent
    return { function: name, file, line, column, mapped: false, code: '' }
  }
  const { file, line, column, code } = original
  return { function: name, file, line, column, mapped: true, code }
}

function lineOf({ function: name, file, line, column }: MappedFrame): string {
  const place = `${file}:${line}:${column}`
  return name === '' ? `    at ${place}` : `    at ${name} (${place})`
}
