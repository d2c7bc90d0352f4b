import { parseStack } from 'error-stack-parser-es/lite'

/** A line of a stack that names a place in a script. */
export interface SentFrame {
  /** Of the stack's lines. */
  readonly index: number
  /** Empty when the stack does not say. */
  readonly function: string
  /** An address or a path. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

const maxFrames = 50
/** The parser's expressions take time that grows with the square of a line's length. */
const longestLine = 1000
/** V8 (`at f (https://…:1:2)`), or Firefox and Safari (`f@https://…:1:2`). */
const place = /^\s*at .*:\d+:\d+\)?$|^[^\s@]*@\S+:\d+:\d+$/

/** The frames of a stack as browsers and Node write it, innermost first. */
export function framesOf(lines: readonly string[]): SentFrame[] {
  const frames: SentFrame[] = []
  for (const [index, line] of lines.entries()) {
    if (line.length > longestLine || !place.test(line)) continue
    const [frame] = parseStack(line)
    if (frame?.file === undefined || frame.line === undefined || frame.col === undefined) continue
    frames.push({ index, function: frame.function ?? '', file: frame.file, line: frame.line, column: frame.col })
    if (frames.length === maxFrames) break
  }
  return frames
}

/**
 * Which of a release's files a frame is in: the one whose path the frame's path ends with, the longest of those.
 * @param address `https://shop.example/assets/app.js?v=1`, `file:///srv/app/dist/main.js` or a path
 */
export function fileOfFrame(address: string, files: ReadonlyMap<string, unknown>): string | undefined {
  const path = pathOf(address)
  for (let at = 0; at !== -1; at = path.indexOf('/', at)) {
    if (path[at] === '/') at++
    const end = path.slice(at)
    if (files.has(end)) return end
  }
  return undefined
}

function pathOf(address: string): string {
  const { pathname } = URL.parse(address) ?? { pathname: address }
  try {
    return decodeURI(pathname)
  } catch {
    return pathname
  }
}
