import { unwrapPointer } from 'ffi-rs'
import { EngineError } from './error.ts'
import type { Parameters, Pointer, Statistics } from './library.ts'
import * as library from './library.ts'

export const noStatistics: Readonly<Statistics> = {
  resultRows: 0,
  resultBytes: 0,
  readRows: 0,
  readBytes: 0,
  writtenRows: 0,
  writtenBytes: 0,
  elapsed: 0,
}

/** Output is handed on in pieces of this size, so that a large document is not copied whole. */
const pieceBytes = 1024 * 1024

/** One connection runs one statement at a time; connections run beside each other. Opening one takes 0.3 ms. */
export class Connection {
  readonly #outer: Pointer
  readonly #inner: Pointer

  private constructor(outer: Pointer) {
    this.#outer = outer
    this.#inner = unwrapPointer([outer])[0]!
  }

  /** Throws when the engine cannot start; its own line about the reason is then already on stderr. */
  static async open(args: readonly string[]): Promise<Connection> {
    const pointer = await library.connect(args)
    if (pointer === null) throw new EngineError(279, 'ALL_CONNECTION_TRIES_FAILED', 'the engine refused a connection')
    return new Connection(pointer)
  }

  /** Runs a statement to its end and forgets the output. */
  async run(sql: string): Promise<void> {
    const result = await library.query(this.#inner, Buffer.from(sql), 'Null')
    await checked(result)
    await library.destroyResult(result)
  }

  /** Runs a statement to its end and gives its whole output. For small answers. */
  async read(sql: string, format: string, parameters?: Parameters): Promise<string> {
    const pieces: Buffer[] = []
    for await (const piece of this.execute(Buffer.from(sql), format, parameters)) pieces.push(piece.data)
    return Buffer.concat(pieces).toString()
  }

  /** Any statement; the engine holds the whole output, and gives it in pieces. The last piece carries the statistics. */
  async *execute(sql: Buffer, format: string, parameters?: Parameters): AsyncGenerator<Piece> {
    const result = await library.query(this.#inner, sql, format, parameters)
    await checked(result)
    try {
      const output = library.viewResult(result)
      const statistics = library.resultStatistics(result)
      for (let start = 0; start < output.length; start += pieceBytes) {
        yield { data: Buffer.from(output.subarray(start, start + pieceBytes)), statistics: noStatistics }
      }
      yield { data: Buffer.alloc(0), statistics }
    } finally {
      await library.destroyResult(result)
    }
  }

  /** A SELECT in a format whose blocks can stand one after the other; memory holds one block at a time. */
  async *stream(sql: Buffer, format: string, parameters?: Parameters): AsyncGenerator<Piece> {
    const stream = await library.streamQuery(this.#inner, sql, format, parameters)
    await checked(stream)
    let ended = false
    try {
      while (true) {
        const block = await library.fetchBlock(this.#inner, stream)
        ended = library.resultError(block) !== null
        await checked(block)
        const data = Buffer.from(library.viewResult(block))
        const statistics = library.resultStatistics(block)
        await library.destroyResult(block)
        if (data.length === 0 && statistics.resultRows === 0) {
          ended = true
          return
        }
        yield { data, statistics }
      }
    } finally {
      if (!ended) await library.cancelQuery(this.#inner, stream)
      await library.destroyResult(stream)
    }
  }

  /** Inserts `data`, encoded in `format`. `sql` names table and columns, without FORMAT and without data. */
  async insert(sql: Buffer, format: string, data: AsyncIterable<Buffer>, parameters?: Parameters): Promise<Statistics> {
    const stream = await library.streamInsert(this.#inner, sql, format, parameters)
    try {
      throwMessage(library.insertError(stream))
      for await (const piece of data) {
        if (await library.appendInsert(stream, piece)) continue
        throwMessage(library.insertError(stream))
        break // finishing it tells the error
      }
      const result = await library.finishInsert(stream)
      await checked(result)
      const statistics = library.resultStatistics(result)
      await library.destroyResult(result)
      return statistics
    } finally {
      await library.destroyInsert(stream) // cancels first when it was not finished
    }
  }

  /** After the last statement has returned: closing under a running one aborts the engine. */
  async close(): Promise<void> {
    await library.closeConnection(this.#outer)
  }
}

export interface Piece {
  data: Buffer
  /** Of this piece alone; add them up. */
  statistics: Statistics
}

async function checked(result: Pointer): Promise<void> {
  const message = library.resultError(result)
  if (message === null) return
  await library.destroyResult(result)
  throw EngineError.fromMessage(message)
}

function throwMessage(message: string | null): void {
  if (message !== null) throw EngineError.fromMessage(message)
}
