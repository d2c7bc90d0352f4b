#!/usr/bin/env node
import { recordDeployment } from './cli/record-deployment.ts'
import { say, UsageError } from './cli/say.ts'
import { uploadSourceMaps } from './cli/upload-source-maps.ts'

const usage = `Usage: burstlet-monitoring COMMAND --service NAME --release VERSION [options]

  upload-source-maps DIR   sends the source maps of the scripts in DIR, so that stacks of this release are shown in the
                           places of the sources
      --prefix PATH        where the scripts of DIR stand below the address of the page, if not at its root
  record-deployment        marks this moment on the charts
      --environment NAME   production, staging
      --commit ID          what was built
      --link URL           where a person reads more

  --service NAME           service.name of the telemetry
  --release VERSION        service.version of the telemetry
  --url URL                address of the API; else MONITORING_URL, else http://127.0.0.1:3300
  --key KEY                API key; better in MONITORING_API_KEY, since other users of a machine see arguments

Ends with 0, with 1 when something was not taken, with 2 on wrong arguments.`

const commands: Record<string, (args: string[]) => Promise<void>> = {
  'upload-source-maps': uploadSourceMaps,
  'record-deployment': recordDeployment,
}

const [name = '', ...args] = process.argv.slice(2)
process.exitCode = await run(name, args)

async function run(name: string, args: string[]): Promise<number> {
  if (name === '--help' || name === '-h' || args.includes('--help') || args.includes('-h')) {
    say(usage)
    return 0
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined)
      throw new UsageError(name === '' ? 'a command is missing' : `there is no command ${name}`)
    await command(args)
    return 0
  } catch (error) {
    const isUsage = error instanceof UsageError
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${isUsage ? `\n${usage}\n` : ''}`)
    return isUsage ? 2 : 1
  }
}
