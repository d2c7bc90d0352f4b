import { open, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { EngineError } from '../engine/error.ts'

const pieceBytes = 4 * 1024 * 1024

/**
 * Finds the file `name` inside `folder`. Throws code 291 when it is not in there, links followed, or not a file, and
 * code 107 when there is none.
 */
export async function findLocalFile(folder: string | undefined, name: string): Promise<string> {
  if (folder === undefined) throw denied(name, 'this server was started without --local-files')
  const path = await resolveInside(folder, name)
  if (!(await stat(path)).isFile()) throw denied(name, 'it is not a file')
  return path
}

/** The content of a file, in pieces. */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    while (true) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function resolveInside(folder: string, name: string): Promise<string> {
  if (name === '' || name.includes('\0')) throw denied(name, 'it has no proper name')
  const root = await realpath(folder)
  let path: string
  try {
    path = await realpath(join(root, name))
  } catch {
    throw new EngineError(107, 'FILE_DOESNT_EXIST', `local_file '${name}' does not exist`)
  }
  if (!path.startsWith(root + sep)) throw denied(name, 'it is outside of the folder of local files')
  return path
}

function denied(name: string, reason: string): EngineError {
  return new EngineError(291, 'DATABASE_ACCESS_DENIED', `local_file '${name}' is refused: ${reason}`)
}
