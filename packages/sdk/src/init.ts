import workerThreads from 'node:worker_threads'
import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { readConfigFile } from './config/config-file.ts'
import { defaultConfig } from './config/defaults.ts'
import type { MonitoringConfig } from './config/types.ts'
import { beginSdk, validation } from './runtime/begin.ts'
import { notice } from './runtime/notice.ts'
import { sdkState } from './runtime/state.ts'

/**
 * Starts monitoring with the specification's configuration object. It never throws: a bad value is one line on stderr and
 * its default is used. `OTEL_*` variables win over what is given here.
 *
 * What is imported before this call is not instrumented; `node --import @burstlet/monitoring/register` has no such gap.
 * After `register`, only `logging.level` still has an effect, and a line says so.
 */
export function init(config: MonitoringConfig = {}): void {
  try {
    initWith(config ?? {})
  } catch (error) {
    notice(`monitoring could not start: ${error instanceof Error ? error.message : typeof error}`)
  }
}

function initWith(config: MonitoringConfig): void {
  if (isSwitchedOff(config)) return
  const state = sdkState()
  if (state.startedBy === 'register') {
    const resolved = validated(config, 'init')
    state.logLevel = resolved.logging.level
    const others = Object.keys(config).filter((key) => key !== 'logging')
    if (others.length > 0) {
      notice(
        `already started by register; put ${others.join(', ')} into monitoring.config.json for them to have effect`,
      )
    }
  } else if (state.startedBy === 'init') {
    notice('init was called twice; the first call counts')
  } else {
    beginSdk(validated(config, 'init'), 'init')
  }
}

/** Starts monitoring from `monitoring.config.{json,js}` in the working directory and the environment. Used by `register`. */
export function initFromFile(): void {
  try {
    // What `--require` names is loaded in Node's own thread for module hooks as well, where nothing of the service runs.
    if (workerThreads.isInternalThread || isSwitchedOff(undefined)) return
    const config = readConfigFile(process.cwd())
    if (isSwitchedOff(config) || sdkState().startedBy !== undefined) return
    beginSdk(validated(config, 'monitoring.config'), 'register')
  } catch (error) {
    notice(`monitoring could not start: ${error instanceof Error ? error.message : typeof error}`)
  }
}

/** Sends what is waiting and stops. Resolves once that is done or failed, after 2 s at most; it never rejects. */
export async function shutdown(): Promise<void> {
  await sdkState().shutdown()
}

/** Asked before anything is loaded, so that a service which is switched off pays for nothing. */
function isSwitchedOff(config: unknown): boolean {
  if (process.env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return true
  return typeof config === 'object' && config !== null && 'enabled' in config && config.enabled === false
}

function validated(input: unknown, source: string): ResolvedConfig {
  if (input === undefined || isEmpty(input)) return structuredClone(defaultConfig)
  const { serverSettingsIn, validateConfig } = validation()
  const { config, problems } = validateConfig(input)
  if (problems.length > 0) notice(`${source}: not used, defaults instead: ${problems.join('; ')}`)
  const left = serverSettingsIn(input)
  if (left.length > 0) notice(`${source}: ${left.join(', ')} are settings of the server and have no effect here`)
  return config
}

function isEmpty(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && Object.keys(input).length === 0
}
