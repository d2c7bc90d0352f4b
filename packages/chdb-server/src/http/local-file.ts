import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { EngineError } from '../engine/error.ts'

const PIECE_BYTES = 4 * 1024 * 1024

/** The content of `name` inside `folder`, in pieces. Throws code 291 when it is not a file in there, links followed. */
export async function* readLocalFile(folder: string | undefined, name: string): AsyncGenerator<Buffer> {
  if (folder === undefined) throw denied(name, 'this server was started without --local-files')
  const file = await open(await resolveInside(folder, name), 'r')
  try {
    if (!(await file.stat()).isFile()) throw denied(name, 'it is not a file')
    while (true) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES)
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
