import { type LoggerOptions, pino } from 'pino'
import { ConfigError } from './config/config-error.ts'
import { helpText } from './config/help.ts'
import { loadConfig } from './config/load.ts'
import { settingsText } from './config/print-settings.ts'
import type { Config } from './config/settings.ts'
import { version } from './config/version.ts'
import { newSignInLink } from './roles/sign-in-link.ts'
import { type Server, startServer } from './roles/start.ts'

/** Bytes of log lines that are held while stderr takes none. */
const maxUnwrittenLog = 1024 * 1024

/** After a signal, how long what was taken may need to be finished. */
const graceMs = 20_000

/**
 * Runs the server until a signal ends it; owns the process.
 * @param onReady is told the addresses, before anything is printed
 */
export async function main(args: string[], onReady: (server: Server) => void = () => {}): Promise<void> {
  const commandLine = readCommandLine(args)
  if (commandLine.help) {
    process.stdout.write(helpText())
    return
  }
  const { config, file, printAddresses } = commandLine
  if (commandLine.printSettings) {
    process.stdout.write(settingsText(commandLine))
    return
  }
  // Whatever this process makes is for its owner alone, whatever the folder allows.
  process.umask(0o077)
  if (commandLine.signInLink) {
    process.stdout.write(`${await newSignInLink(config)}\n`)
    return
  }
  const log = createLogger(config.server)
  if (file && file.unused.length > 0) {
    log.info({ file: file.path, unused: file.unused }, 'the server has no use for these settings of the file')
  }
  const stopping = Promise.withResolvers<NodeJS.Signals>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.resolve(signal))

  const server = await startServer(config, log).catch((error: unknown) => {
    process.stderr.write(`The server did not start: ${error instanceof Error ? error.message : error}\n`)
    log.debug({ err: error }, 'start failed')
    return process.exit(1)
  })
  onReady(server)
  // The sign-in link is a secret until it is used: it goes to whoever started the server, never into the log.
  process.stdout.write(printAddresses ? `${JSON.stringify(server.addresses)}\n` : welcome(server))

  const signal = await stopping.promise
  log.info({ signal }, 'stopping')
  const overdue = setTimeout(() => {
    log.error('stopping took too long')
    process.exit(1)
  }, graceMs)
  await server.stop()
  clearTimeout(overdue)
}

function readCommandLine(args: string[]) {
  try {
    return loadConfig(args, process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`The configuration is not valid.\n${error.message}\n`)
    return process.exit(2)
  }
}

/** JSON lines on stderr for programs, readable ones for a person at a terminal. */
function createLogger({ logLevel }: Config['server']) {
  const options: LoggerOptions = { level: logLevel, base: null }
  if (!process.stderr.isTTY) {
    const stderr = pino.destination({ dest: 2, sync: true, maxLength: maxUnwrittenLog })
    // The disk of the log file is full: no reason to end. Lines beyond the bound are dropped until there is room.
    stderr.on('error', () => {})
    return pino(options, stderr)
  }
  return pino({
    ...options,
    transport: {
      target: 'pino-pretty',
      options: { destination: 2, translateTime: 'SYS:HH:MM:ss', ignore: 'hostname' },
    },
  })
}

function welcome({ addresses: { signIn, api, otlpHttp, otlpGrpc, sdk } }: Server): string {
  const lines = [
    signIn && `Page       ${signIn}`,
    signIn ? `API        ${api}/api/docs` : `Health     ${api}/api/v1/monitoring/health`,
    otlpHttp && `OTLP/HTTP  ${otlpHttp}`,
    otlpGrpc && `OTLP/gRPC  ${otlpGrpc}`,
    sdk && `SDK        npm install ${sdk}`,
  ]
  return `\n  Burstlet Monitoring ${version}\n\n${lines.map((line) => (line ? `  ${line}\n` : '')).join('')}\n`
}

if (import.meta.main) await main(process.argv.slice(2))
