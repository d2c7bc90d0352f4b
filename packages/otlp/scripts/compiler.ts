import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const options = [
  '--outFile decoder.wasm -O3 --converge --noAssert --runtime stub',
  // Nothing lies in the first bytes: empty ranges may be read and written there.
  '--memoryBase 64 --initialMemory 4 --maximumMemory 32768',
  '--enable simd --enable bulk-memory --use abort=',
  // Addresses have 32 bits, now and later.
  '--disableWarning 201',
]

const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** The WebAssembly module of the sources in `assembly/`. @throws with the compiler's messages */
export async function compileDecoder(debug = false): Promise<Uint8Array> {
  let module: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--baseDir', packageRoot, ...options.join(' ').split(' '), ...(debug ? ['--debug'] : [])],
    {
      writeFile(name: string, contents: string | Uint8Array) {
        if (name === 'decoder.wasm' && typeof contents !== 'string') module = contents
      },
    },
  )
  if (error || !module) throw new Error(`the decoder does not compile:\n${stderr.toString()}`, { cause: error })
  return module
}
