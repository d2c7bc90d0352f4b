import { fstatSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Demo, type DemoOptions, startDemo } from './start.ts'

const usage = `Usage: main.ts [--otlp-endpoint URL] [--rate REQUESTS_PER_SECOND]
Starts the demo services and sends their telemetry to URL (default http://127.0.0.1:4318). Where that asks for a key it is
taken from MONITORING_INGEST_KEY; with MONITORING_URL and MONITORING_API_KEY the API is told of the release.`

/** Ends with 0 when it was stopped, 1 when a service could not start or ended by itself, 2 on wrong arguments. */
async function main(): Promise<number> {
  const options = readArguments()
  if (options === undefined) return 2
  const stopping = stopRequested()
  let demo: Demo
  try {
    demo = await startDemo({ ...options, ...keys() })
  } catch (error) {
    say(`the demo could not start: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
  for (const { name, pid, url } of demo.services) say(`${name.padEnd(10)} pid ${pid} ${url}`)
  say(`open ${demo.siteUrl} in a browser to be a visitor`)
  say(`telemetry goes to ${options.otlpEndpoint}`)

  const failure = await Promise.race([demo.failed, stopping])
  await demo.stop()
  if (failure === undefined) return 0
  say(`${failure}\nthe demo is stopped`)
  return 1
}

function readArguments(): { otlpEndpoint: string; rate: number } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        'otlp-endpoint': { type: 'string', default: 'http://127.0.0.1:4318' },
        rate: { type: 'string', default: '5' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const rate = Number(values.rate)
    if (!values.help && Number.isFinite(rate)) return { otlpEndpoint: values['otlp-endpoint'], rate }
    say(values.help ? usage : `--rate must be a number, not ${values.rate}\n${usage}`)
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
  return undefined
}

function keys(): Pick<DemoOptions, 'ingestKey' | 'api'> {
  const { MONITORING_INGEST_KEY: ingestKey, MONITORING_URL: url, MONITORING_API_KEY: key } = process.env
  return { ...(ingestKey ? { ingestKey } : {}), ...(url && key ? { api: { url, key } } : {}) }
}

/** Resolves on SIGTERM, SIGINT, or when whoever started this with a pipe as its stdin is gone. */
function stopRequested(): Promise<undefined> {
  return new Promise((resolve) => {
    const stop = () => resolve(undefined)
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    if (!isPipe(0)) return
    process.stdin.once('end', stop).once('close', stop).once('error', stop).resume()
  })
}

/** A terminal, /dev/null or a file as stdin says nothing about who started the demo. */
function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor)
    return stats.isFIFO() || stats.isSocket()
  } catch {
    return false
  }
}

function say(line: string): void {
  process.stdout.write(`[demo] ${line}\n`)
}

process.exitCode = await main()
// stdin may still be open; nothing else is.
process.stdin.destroy()
