import { createExternalBuffer, DataType, type FieldType, isNullPointer, type JsExternal, load, open } from 'ffi-rs'
import { logLine } from '../log.ts'
import { endAtFailedWrites } from './failed-writes.ts'
import { libraryFile } from './library-file.ts'

/**
 * The C functions of libchdb (chdb.h) that this server calls, through ffi-rs: npm `chdb`'s addon starts a streaming query
 * on the event loop, inserts text formats only, and hides the write statistics.
 *
 * Every function that can take time runs on libuv's thread pool and returns a promise. Buffers passed to one are read
 * in place, so each call keeps its own references until the promise settles.
 */

export type Pointer = JsExternal

const library = 'chdb'

/** Loads libchdb into this process (0.3 s: it is 566 MB). Throws one clear line where npm has no build of it. */
export function openLibrary(): void {
  const path = libraryFile()
  open({ library: library, path })
  if (!endAtFailedWrites(path))
    logLine('warn', 'the engine ignores writes that fail on this platform: keep its disk from filling')
  // Its own SIGSEGV and SIGTERM handlers would compete with Node's.
  callNow('chdb_set_signal_handlers_enabled', DataType.Void, [DataType.I32], [0])
}

function callNow(funcName: string, retType: FieldType, paramsType: FieldType[], paramsValue: unknown[]): unknown {
  return load({ library: library, funcName, retType, paramsType, paramsValue })
}

function callOnThread(
  funcName: string,
  retType: FieldType,
  paramsType: FieldType[],
  paramsValue: unknown[],
): Promise<unknown> {
  return load({ library: library, funcName, retType, paramsType, paramsValue, runInNewThread: true })
}

const { External, U8Array, U64, I32, Void, Double, StringArray } = DataType
const textAndFormat = [External, U8Array, U64, U8Array, U64]
/** Names and lengths of names, values and lengths of values, how many. Without lengths they end at their zero byte. */
const libraryParameters = [StringArray, U64, StringArray, U64, U64]
const noLengths = 0

/** Opens a connection; the first one of a process boots the engine. Null when that failed (it says why on stderr). */
export async function connect(args: readonly string[]): Promise<Pointer | null> {
  const argv = ['chdb-server', ...args]
  const pointer = (await callOnThread('chdb_connect', External, [I32, StringArray], [argv.length, argv])) as Pointer
  return isNullPointer(pointer) ? null : pointer
}

/** `pointer` is what `connect` gave, not the connection inside it. */
export async function closeConnection(pointer: Pointer): Promise<void> {
  await callOnThread('chdb_close_conn', Void, [External], [pointer])
}

/** Values of `{name:Type}` in a text, by name, as TabSeparated escapes them. */
export type Parameters = ReadonlyMap<string, string>

function sendText(funcName: string) {
  const withParameters = funcName.replace(/_n$/, '_with_params_n')
  return async (connection: Pointer, sql: Buffer, format: string, parameters?: Parameters): Promise<Pointer> => {
    const name = Buffer.from(format)
    const args: unknown[] = [connection, sql, sql.length, name, name.length]
    const bound = parameters !== undefined && parameters.size > 0
    if (bound) args.push([...parameters.keys()], noLengths, parameterTexts(parameters), noLengths, parameters.size)
    const answer = (await callOnThread(
      bound ? withParameters : funcName,
      External,
      bound ? [...textAndFormat, ...libraryParameters] : textAndFormat,
      args,
    )) as Pointer
    keepAlive(args)
    return answer
  }
}

/** A zero byte would end the value; its escape says the same. */
function parameterTexts(parameters: Parameters): string[] {
  return [...parameters.values()].map((value) => value.replaceAll('\0', '\\0'))
}

/** Runs text to its end; the result holds all of the output. */
export const query = sendText('chdb_query_n')
/** Starts a SELECT whose output is fetched block by block. */
export const streamQuery = sendText('chdb_stream_query_n')
/** Starts an INSERT (text without FORMAT or data) that takes its data in pieces. */
export const streamInsert = sendText('chdb_stream_insert_n')

/** The next block as a result of its own; an empty one at the end. */
export async function fetchBlock(connection: Pointer, stream: Pointer): Promise<Pointer> {
  return (await callOnThread(
    'chdb_stream_fetch_result',
    External,
    [External, External],
    [connection, stream],
  )) as Pointer
}

/** Must not run beside a fetch of the same stream. */
export async function cancelQuery(connection: Pointer, stream: Pointer): Promise<void> {
  await callOnThread('chdb_stream_cancel_query', Void, [External, External], [connection, stream])
}

/** True when the engine took the piece; it copies it, and blocks for as long as it is behind. */
export async function appendInsert(stream: Pointer, data: Buffer): Promise<boolean> {
  const state = await callOnThread('chdb_stream_append', I32, [External, U8Array, U64], [stream, data, data.length])
  keepAlive(data)
  return state === 0
}

export async function finishInsert(stream: Pointer): Promise<Pointer> {
  return (await callOnThread('chdb_stream_done', External, [External], [stream])) as Pointer
}

export async function destroyInsert(stream: Pointer): Promise<void> {
  await callOnThread('chdb_destroy_insert_stream', Void, [External], [stream])
}

export async function destroyResult(result: Pointer): Promise<void> {
  await callOnThread('chdb_destroy_query_result', Void, [External], [result])
}

function message(funcName: string, owner: Pointer): string | null {
  const text = callNow(funcName, External, [External], [owner]) as Pointer
  return isNullPointer(text) ? null : (callNow(funcName, DataType.String, [External], [owner]) as string)
}

export const resultError = (result: Pointer): string | null => message('chdb_result_error', result)
export const insertError = (stream: Pointer): string | null => message('chdb_stream_insert_error', stream)

function readNumber(funcName: string, result: Pointer): number {
  return Number(callNow(funcName, U64, [External], [result]))
}

/** A view on the engine's memory, dead once the result is destroyed: copy what has to live longer. */
export function viewResult(result: Pointer): Buffer {
  const length = readNumber('chdb_result_length', result)
  if (length === 0) return Buffer.alloc(0)
  return createExternalBuffer(callNow('chdb_result_buffer', External, [External], [result]) as Pointer, length)
}

/** What the library counts, of a whole result or of one block of a stream. */
export interface Statistics {
  resultRows: number
  resultBytes: number
  readRows: number
  readBytes: number
  writtenRows: number
  writtenBytes: number
  /** Seconds. */
  elapsed: number
}

export function resultStatistics(result: Pointer): Statistics {
  return {
    resultRows: readNumber('chdb_result_rows_read', result),
    resultBytes: readNumber('chdb_result_bytes_read', result),
    readRows: readNumber('chdb_result_storage_rows_read', result),
    readBytes: readNumber('chdb_result_storage_bytes_read', result),
    writtenRows: readNumber('chdb_result_rows_written', result),
    writtenBytes: readNumber('chdb_result_bytes_written', result),
    elapsed: callNow('chdb_result_elapsed', Double, [External], [result]) as number,
  }
}

/** Native code reads these while the call runs; a use after it keeps the collector away until then. */
function keepAlive(_value: unknown): void {}
