import type { MappedFrame } from '@burstlet/contract/mapped-stack'
import type { Mapped } from '../../querying/context/stack-maps.ts'
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
): Promise<Mapped | null> {
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
  const grouping = [...lines]
  const frames = sent.map((frame, index) => {
    const original = originals.get(frame)
    const caller = sent[index + 1]
    // A source map names tokens, not the function around a place. What the frame's caller calls is the name of the function.
    const name = caller && originals.get(caller)?.name
    if (original) {
      lines[frame.index] = lineOf(name ?? frame.function, original)
      grouping[frame.index] = lineOf(name ?? '', original)
    }
    return frameOf(frame, name ?? frame.function, original)
  })
  return { stack: { text: lines.join('\n'), frames }, grouping: grouping.join('\n') }
}

function frameOf(sent: SentFrame, name: string, original: Original | undefined): MappedFrame {
  const { file, line, column } = original ?? sent
  return { function: name, file, line, column, mapped: original !== undefined, code: original?.code ?? '' }
}

function lineOf(name: string, { file, line, column }: Original): string {
  const place = `${file}:${line}:${column}`
  return name === '' ? `    at ${place}` : `    at ${name} (${place})`
}
