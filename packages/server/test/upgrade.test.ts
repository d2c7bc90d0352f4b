import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from '@burstlet/testkit/server'
import { keptForTests, postCapture, storedCaptures, storedDataFolder } from '@burstlet/testkit/stored-data'
import { expect, it } from 'vitest'
import { version } from '../src/config/version.ts'
import { answered, answeredOnce, missing, wanted } from './answered.ts'

const released = readdirSync(storedDataFolder).filter((file) => file.endsWith('.tar.gz'))

// Beyond it is all that releases stored, but in the days after a release what that one stored.
const keptADay = Object.fromEntries(Object.keys(keptForTests).map((name) => [name, '1']))

/** Enough to tell whether anything is left: a table loses all of a day at once. */
const oneOfEachSignal = () =>
  [...Map.groupBy(storedCaptures(), ({ signal }) => signal).values()].map((all) => all.at(-1)!)

it('has the data of this version among the released ones', () => {
  expect(released).toContain(`${version}.tar.gz`)
})

it.each(released)('%s is opened, answered in full, and written to', async (file) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-upgrade-'))
  execFileSync('tar', ['-xzf', join(storedDataFolder, file), '-C', dataDir])
  const server = await startServer({ dataDir, environment: keptForTests })
  const answer = answeredOnce(() => server)
  for (const capture of storedCaptures()) expect(missing(wanted(capture), await answer(capture))).toEqual([])
  for (const capture of storedCaptures()) await postCapture(server.otlpHttp, capture)
  await server.stop()
  await rm(dataDir, { recursive: true })
})

// Not data that a day keeps: what is sent again would be there twice.
it.for(released)('%s is opened and written to when nothing in it is kept any longer', async (file, { skip }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-upgrade-'))
  execFileSync('tar', ['-xzf', join(storedDataFolder, file), '-C', dataDir])
  const server = await startServer({ dataDir, environment: keptADay })
  const kept = (await Promise.all(oneOfEachSignal().map((capture) => answered(server, capture)))).flat()
  if (kept.length === 0) {
    for (const capture of storedCaptures()) await postCapture(server.otlpHttp, capture)
    const answer = answeredOnce(() => server)
    for (const capture of storedCaptures()) expect(missing(wanted(capture), await answer(capture))).toEqual([])
  }
  await server.stop()
  await rm(dataDir, { recursive: true })
  skip(kept.length > 0, 'some of it is younger than a day')
})
