import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failingReader } from './failing-reader.ts'
import { createTestApi, type TestApi } from './test-api.ts'

let root: string
let app: TestApi
let port: number

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'burstlet-page-'))
  const folder = join(root, 'dist')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<html><head></head><body>the page</body></html>')
  await writeFile(join(folder, 'icon.svg'), '<svg/>')
  await writeFile(join(folder, 'assets/a-1.js'), 'script()')
  await writeFile(join(folder, 'assets/a-1.js.map'), '{}')
  await writeFile(join(root, 'secret.conf'), 'a secret')
  await mkdir(join(root, 'dist-of-others'))
  await writeFile(join(root, 'dist-of-others/secret.conf'), 'a secret')
  app = await createTestApi(failingReader(), { pageFolder: folder })
  port = Number(new URL(await app.listen()).port)
})
afterAll(async () => {
  await app.close()
  await rm(root, { recursive: true })
})

/** The answer to a path exactly as it is written. */
async function answerTo(path: string): Promise<{ status: number; body: string }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`)
  const answer = await text(socket)
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4).replaceAll(/"requestId":"[^"]+"|"instance":"[^"]+"/g, '')
  return { status: Number(answer.slice(9, 12)), body }
}

it('serves the files of the build and its own paths', async () => {
  expect(await answerTo('/icon.svg')).toEqual({ status: 200, body: '<svg/>' })
  expect(await answerTo('/assets/a-1.js')).toEqual({ status: 200, body: 'script()' })
  expect(await answerTo('/assets/a-1.js.map')).toEqual({ status: 200, body: '{}' })
  for (const path of ['/', '/traces?from=now-1h', '/index.html', '/services/a.b']) {
    expect(await answerTo(path), path).toMatchObject({ status: 200, body: expect.stringContaining('the page') })
  }
  expect((await answerTo('/assets/gone-2.js')).status).toBe(404)
})

it('lists the files anew when there is another build', async () => {
  const folder = join(root, 'dist')
  await writeFile(join(folder, 'assets/b-2.js'), 'newer()')
  await writeFile(join(folder, 'index.html'), '<html><head></head><body>the page, again</body></html>')
  await answerTo('/')
  expect(await answerTo('/assets/b-2.js')).toEqual({ status: 200, body: 'newer()' })
})

/** Ways to write a path that leads out of the folder, `NAME` standing for what is looked for there. */
const ways = [
  '/../NAME',
  '/%2e%2e/NAME',
  '/..%2fNAME',
  '/..%2FNAME',
  '/%2e%2e%2fNAME',
  '/..%5cNAME',
  '/..\\NAME',
  '/..%252fNAME',
  '/%252e%252e%252fNAME',
  '/.%00./NAME',
  '/..%2fNAME%00',
  '/..%2fNAME%00.svg',
  '/assets/../../NAME',
  '/assets/..%2f..%2fNAME',
  '/assets/%2e%2e/%2e%2e/NAME',
  '/..%2fdist-of-others%2fNAME',
  '//NAME',
  '///../NAME',
  '/./../NAME',
  '/icon.svg/../../NAME',
  '/%c0%ae%c0%ae/NAME',
  '/..;/NAME',
]

it.each(ways)('%s tells nothing of what there is', async (way) => {
  const [there, missing, system] = await Promise.all(
    ['secret.conf', 'nothing.conf', 'etc%2fpasswd'].map((name) => answerTo(way.replace('NAME', name))),
  )
  expect(there!.status).toBe(missing!.status)
  expect(system!.status).toBe(missing!.status)
  expect(there!.body.replaceAll('secret.conf', '')).toBe(missing!.body.replaceAll('nothing.conf', ''))
  expect(there!.body).not.toContain('a secret')
})
