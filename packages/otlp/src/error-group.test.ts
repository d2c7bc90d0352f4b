import { describe, expect, it } from 'vitest'
import { type ErrorFacts, errorGroup, messagePattern, topFrames } from './error-group.ts'
import { Hash64 } from './hash.ts'

const facts: ErrorFacts = {
  service: 'shop',
  type: 'TypeError',
  message: "Cannot read properties of undefined (reading 'id') for order 4711",
  stack: `TypeError: Cannot read
    at checkout (/srv/app/checkout.js:12:34)
    at async /srv/app/server.js:99:1`,
  operation: 'POST /cart',
}

function group(changes: Partial<ErrorFacts> = {}): string {
  const { low, high } = errorGroup({ ...facts, ...changes }, new Hash64())
  return `${low},${high}`
}

describe('errorGroup', () => {
  it('is the same for what varies from case to case', () => {
    expect(group({ message: facts.message.replace('4711', '4712') })).toBe(group())
    expect(group({ stack: facts.stack.replace('12:34', '15:2') })).toBe(group())
    expect(group({ operation: 'POST /order' })).toBe(group())
  })

  it('differs for another service, type, message or place', () => {
    const others = [
      group({ service: 'billing' }),
      group({ type: 'RangeError' }),
      group({ message: 'Boom' }),
      group({ stack: facts.stack.replace('checkout.js', 'cart.js') }),
    ]
    expect(new Set([group(), ...others]).size).toBe(5)
  })

  it('goes by the operation where nothing else is known', () => {
    const bare = { type: '', message: '', stack: '' }
    expect(group({ ...bare })).not.toBe(group({ ...bare, operation: 'GET /' }))
  })

  it('stays what it is from release to release', () => {
    expect(group()).toBe('1332794815,1798260376')
  })
})

describe('messagePattern', () => {
  it.each([
    ['user 42 not found', 'user * not found'],
    ['id 6f1c8b1e-9d5a-4f6e-8a43-1c2d3e4f5a6b gone', 'id * gone'],
    ['at 0xdeadBEEF', 'at *'],
    ['commit 9f5750fa11', 'commit *'],
    ['no such key "cart:7"', 'no such key *'],
    ["can't open 'a.txt', don't know why", "can't open *, don't know why"],
    ['connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED *'],
    ['took 1.5s\n  of 3s', 'took *s of *s'],
    ['feedback added', 'feedback added'],
  ])('of %j is %j', (message, pattern) => {
    expect(messagePattern(message)).toBe(pattern)
  })
})

describe('topFrames', () => {
  it('takes the first frames of most languages, without line numbers', () => {
    expect(topFrames('Error: x\n    at f (/a/b.js:1:2)\n    at g (/a/c.js:3:4)')).toEqual([
      'at f (/a/b.js)',
      'at g (/a/c.js)',
    ])
    expect(topFrames('java.lang.Error: x\n\tat a.B.c(B.java:12)')).toEqual(['at a.B.c(B.java)'])
    expect(topFrames('goroutine 1 [running]:\nmain.run()\n\t/srv/main.go:12 +0x1d')).toEqual(['/srv/main.go'])
  })

  it('takes the last frames of Python, which lists the innermost last', () => {
    const stack = `Traceback (most recent call last):
${Array.from({ length: 9 }, (_, i) => `  File "/srv/f${'abcdefghi'[i]}.py", line ${i}, in run`).join('\n')}
ValueError: x`
    expect(topFrames(stack)).toHaveLength(5)
    expect(topFrames(stack).at(-1)).toBe('File "/srv/fi.py", line, in run')
  })
})
