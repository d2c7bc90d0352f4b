import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { send } from './api.ts'
import { readCommandLine } from './arguments.ts'
import { say, UsageError } from './say.ts'
import { findSourceMaps } from './source-maps.ts'

const compress = promisify(gzip)

/** `upload-source-maps DIR`: every script's source map, under the script's path. */
export async function uploadSourceMaps(args: string[]): Promise<void> {
  const { target, values, positionals } = readCommandLine(args, ['prefix'])
  const [folder, ...more] = positionals
  if (folder === undefined) throw new UsageError('DIR is missing')
  if (more.length > 0) throw new UsageError(`there is no argument ${more[0]}`)
  const prefix = (values['prefix'] ?? '').replace(/^\/|\/$/g, '')
  const { service, release } = target

  let sent = 0
  for await (const { script, json } of findSourceMaps(folder)) {
    const file = prefix === '' ? script : `${prefix}/${script}`
    await send(target, {
      method: 'PUT',
      path: '/source-maps',
      query: { service, version: release, file },
      body: await compress(json),
    }).catch((error: unknown) => {
      throw new Error(`${file}: ${error instanceof Error ? error.message : error}`)
    })
    say(file)
    sent++
  }
  if (sent === 0) throw new Error(`no script in ${folder} has a source map; does the build write them?`)
  say(`${sent} source ${sent === 1 ? 'map' : 'maps'} of ${service} ${release}`)
}
