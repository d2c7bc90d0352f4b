import type { MappedFrame, MappedStack } from '@burstlet/contract/mapped-stack'
import { originalPositionFor, sourceContentFor, type TraceMap } from '@jridgewell/trace-mapping'
import { fileOfFrame, framesOf, type SentFrame } from './frames.ts'

const longestStack = 32_000
const longestCode = 300

/** Where a frame is in the source, and what the script calls there. */
interface Original {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Of the token at that place: of the function that is called there, where the frame is not the innermost. */
  readonly name: string | null
  readonly code: string
}

/**
 * A stack in the places of the sources.
 * @param files those of the release that have a source map
 * @param load gives the map of one of them; undefined when it cannot be used
 * @returns null when no frame is in one of them
 */
export async function mapStack(
  stack: string,
  files: ReadonlySet<string>,
  load: (file: string) => Promise<TraceMap | undefined>,
): Promise<MappedStack | null> {
  const lines = stack.slice(0, longestStack).split('\n')
  const sent = framesOf(lines)
  const originals: (Original | undefined)[] = []
  for (const frame of sent) {
    const file = fileOfFrame(frame.file, files)
    const map = file === undefined ? undefined : await load(file)
    originals.push(map && originalOf(frame, map))
  }
  if (!originals.some((original) => original !== undefined)) return null
  const frames = sent.map((frame, index) => frameOf(frame, originals[index], originals[index + 1]))
  for (const [index, { index: line }] of sent.entries()) {
    const frame = frames[index]!
    if (frame.mapped) lines[line] = lineOf(frame)
  }
  return { text: lines.join('\n'), frames }
}

function originalOf({ line, column }: SentFrame, map: TraceMap): Original | undefined {
  const position = originalPositionFor(map, { line, column: Math.max(0, column - 1) })
  // A map may name a source that it does not list.
  if (!position.source) return undefined
  const code = sourceContentFor(map, position.source)?.split('\n', position.line)[position.line - 1] ?? ''
  return {
    file: position.source.replace(/^(?:\.\.?\/)+/, ''),
    line: position.line,
    column: position.column + 1,
    name: position.name,
    code: code.trim().slice(0, longestCode),
  }
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
