import { readFileSync } from 'node:fs'
import { costlyBodies } from '@burstlet/testkit/fuzz/costly-bodies'
import { describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { AttributeLimits } from '../src/attribute-limits.ts'
import { type DecodeContext, decodeRequest } from '../src/decode.ts'
import { TooLargeError } from '../src/decode-error.ts'
import { SeriesLimits } from '../src/series-limits.ts'

const bytes = 16_000_000
/** Of memory: so many times the body, and so much for each item that is kept. */
const maxTimes = 12
const maxOfItem = 1000

const context = (): DecodeContext => ({
  space: 'default',
  announced: new AnnouncedRows(),
  attributeLimits: new AttributeLimits(),
  limits: new SeriesLimits(),
  receivedNanos: 1_795_420_000_000_000_000n,
})

const residentBytes = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024

/** How many items came of it, and what was wrong with it, if anything. */
function outcomeOf(name: string, size: number): { items: number; error: unknown } {
  const { signal, encoding, content } = costlyBodies.find((body) => body.name === name)!
  const body = content(size)
  try {
    const { accepted, rejected } = decodeRequest(signal, encoding, body, context())
    return { items: accepted + rejected, error: undefined }
  } catch (error) {
    return { items: 0, error }
  }
}

describe('what is small to send', () => {
  it.each(costlyBodies)('stays small: $name', ({ signal, encoding, content }) => {
    const body = content(bytes)
    const before = residentBytes()
    let items = 1_000_000
    try {
      items = decodeRequest(signal, encoding, body, context()).accepted
    } catch {}
    expect(residentBytes() - before).toBeLessThan(maxTimes * body.length + maxOfItem * items)
  })

  it.each([
    'empty resources',
    'empty scopes',
    'empty spans',
    'empty log records',
    'empty metrics',
    'empty points',
    'empty histogram points',
    'empty data of many kinds',
    'empty events',
    'empty links',
    'empty exemplars',
    'empty quantiles',
    'exponential bucket counts, packed',
    'bodies nested 190 deep',
    'empty resources in JSON',
    'empty scopes in JSON',
    'empty log records in JSON',
    'empty attributes in JSON',
    'bucket counts in JSON',
  ])('is counted while it is read: %s', (name) => {
    expect(outcomeOf(name, 20_000_000).error).toBeInstanceOf(TooLargeError)
  })

  it.each(['brackets without end in JSON', 'unknown brackets without end in JSON'])('is not followed: %s', (name) => {
    expect(outcomeOf(name, bytes).error).toMatchObject({ name: 'DecodeError' })
  })
})
