import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'

/** A script and the source map that was made with it. */
export interface FoundMap {
  /** Path below the folder, with `/`. */
  script: string
  json: string
}

const script = /\.[cm]?js$/
const inlineMap = /^data:application\/json(?:;charset=[^;,]+)?;base64,/

/** Source maps of the scripts in a folder: where the script says, else the file of its name with `.map`. */
export async function* findSourceMaps(folder: string): AsyncGenerator<FoundMap> {
  const names = await readdir(folder, { recursive: true }).catch((error: Error) => {
    throw new Error(`${folder} cannot be read: ${error.message}`)
  })
  for (const name of names.filter((each) => script.test(each)).toSorted()) {
    const script = join(folder, name)
    const json = await mapOf(script)
    if (json !== undefined) yield { script: name.split(sep).join('/'), json }
  }
}

async function mapOf(script: string): Promise<string | undefined> {
  const named = lastSourceMappingUrl(await readFile(script, 'utf8'))
  const inline = named && inlineMap.exec(named)
  if (named && inline) return Buffer.from(named.slice(inline[0].length), 'base64').toString('utf8')
  const candidates = named && !/^[a-z]+:/i.test(named) ? [resolve(dirname(script), decodeURI(named))] : []
  for (const path of [...candidates, `${script}.map`]) {
    const json = await readFile(path, 'utf8').catch(() => undefined)
    if (json !== undefined) return json
  }
  return undefined
}

function lastSourceMappingUrl(script: string): string | undefined {
  const at = script.lastIndexOf('//# sourceMappingURL=')
  return at === -1 ? undefined : /^\S+/.exec(script.slice(at + 21))?.[0]
}
