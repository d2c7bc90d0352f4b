// Computes every rollup of the tables in a folder as far as the moment before it is made to count, and stays there:
// what is to be killed. Prints one line of JSON then.

import { runPass } from '../../src/background/rollups/pass.ts'
import { rollups } from '../../src/background/rollups/rollups.ts'
import { startTestEngine } from '../test-engine.ts'

const engine = await startTestEngine({ dataDirectory: process.argv[2]! })
const forever = new Promise<never>(() => {})
await Promise.all(
  rollups.map(
    (rollup) =>
      new Promise<void>((written) => {
        let asked = 0
        // Asked before each computation, and again once its rows are written.
        const held = async () => {
          asked += 1
          if (asked === 1) return true
          written()
          return forever
        }
        void runPass(engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now: Date.now(), held })
      }),
  ),
)
process.stdout.write(`${JSON.stringify({ engine: engine.pid })}\n`)
setInterval(() => {}, 60_000)
