import { parentPort, workerData } from 'node:worker_threads'
import { gunzipSync } from 'node:zlib'
import {
  decodedMappings,
  FlattenMap,
  originalPositionFor,
  sourceContentFor,
  type TraceMap,
} from '@jridgewell/trace-mapping'
import { LRUCache } from 'lru-cache'
import type { FromLocator, Located, Original, ScriptPlace, ToLocator } from './locator-messages.ts'

// Reading the map of a large script takes a second and a multiple of its size, so it is done in this thread; maps stay here while
// they are used, within a bound.

interface Kept {
  readonly map: TraceMap | undefined
  readonly reason: string
  readonly bytes: number
}

/** An array of up to five numbers, and its place in another. */
const bytesOfSegment = 100
/** Inflated; larger ones are not taken in. */
const maxBytes = 64 * 1024 * 1024
const longestCode = 300

const { memory } = workerData as { memory: number }
const maps = new LRUCache<string, Kept>({ maxSize: memory, sizeCalculation: ({ bytes }) => bytes })
const port = parentPort!

port.on('message', ({ id, key, places, content }: ToLocator) => {
  const kept = maps.get(key) ?? (content && read(content))
  if (kept && content) maps.set(key, kept)
  const answer: FromLocator = { id, outcome: locate(kept, places), memory: maps.calculatedSize }
  port.postMessage(answer)
})

function read(content: Uint8Array): Kept {
  try {
    const text = gunzipSync(content, { maxOutputLength: maxBytes }).toString('utf8')
    const map = new FlattenMap(text)
    const segments = decodedMappings(map).reduce((sum, line) => sum + line.length, 0)
    return { map, reason: '', bytes: text.length + segments * bytesOfSegment }
  } catch (error) {
    return { map: undefined, reason: error instanceof Error ? error.message : String(error), bytes: 1 }
  }
}

function locate(kept: Kept | undefined, places: readonly ScriptPlace[]): Located {
  if (!kept) return { kind: 'missing' }
  const { map, reason } = kept
  if (!map) return { kind: 'broken', reason }
  return { kind: 'located', originals: places.map((place) => originalOf(map, place)) }
}

function originalOf(map: TraceMap, [line, column]: ScriptPlace): Original | null {
  const position = originalPositionFor(map, { line, column })
  // A map may name a source that it does not list.
  if (!position.source) return null
  const code = sourceContentFor(map, position.source)?.split('\n', position.line)[position.line - 1] ?? ''
  return {
    file: position.source.replace(/^(?:\.\.?\/)+/, ''),
    line: position.line,
    column: position.column + 1,
    name: position.name,
    code: code.trim().slice(0, longestCode),
  }
}
