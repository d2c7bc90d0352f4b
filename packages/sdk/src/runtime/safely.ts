import { asError } from '../errors/as-error.ts'
import { notice } from './notice.ts'

const told = new Set<string>()

/**
 * Does what a service asked this SDK to do, whatever it handed over: no argument, however odd, becomes an error of the service. What
 * could not be done is said once for each function, and undefined answered.
 */
export function safely<T>(name: string, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    complainOnce(name, asError(error).message)
    return undefined
  }
}

/** Says once for each function what was wrong with what it was given. */
export function complainOnce(name: string, trouble: string): void {
  if (told.has(name)) return
  told.add(name)
  notice(`${name}: nothing recorded: ${trouble}`)
}

/** Whether something will do as a name; where it does not, that is said. */
export function isName(what: string, name: unknown): name is string {
  if (typeof name === 'string' && name !== '') return true
  complainOnce(what, 'it needs a name')
  return false
}
