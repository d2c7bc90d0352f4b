import type { AnyValue, Attributes } from '@opentelemetry/api'
import { complainOnce } from '../runtime/safely.ts'
import { type Scrubber, sdkState } from '../runtime/state.ts'
import { maskStatement } from '../statements/statement.ts'
import { withoutQuotedValues } from './database-errors.ts'
import { isSecretKey, redacted, scrubText, scrubUrl } from './sensitive.ts'

type Treatment = 'safe' | 'secret' | 'url' | 'statement' | 'error' | 'text'

const urlKeys = new Set(['url.full', 'url.query', 'http.url', 'http.target', 'http.request.header.referer'])
const statementKeys = new Set(['db.query.text', 'db.statement'])
const errorKeys = new Set(['exception.message', 'exception.stacktrace'])
/** Attributes of the semantic conventions that hold names, numbers and addresses. Most of a request's span is of these. */
const safeKeys =
  /^(http\.(request\.method|response\.status_code|route|flavor)|network\.|server\.|url\.scheme|express\.|db\.(system|operation|collection)|request\.slow|sla\.)/

/** Which treatment a key gets, remembered: the same few keys come again and again. */
const treatments = new Map<string, Treatment>()
const maxRemembered = 2_000

/**
 * Adds a look at every attribute and log field before it is sent, after the built-in ones. It answers what to send: the value
 * as it is, another one, or undefined to leave it out. It runs on every value, so it should be quick; if it throws, the
 * value is left out.
 *
 * @example scrub((key, value) => (key === 'customer.email' ? undefined : value))
 */
export function scrub(look: Scrubber): void {
  if (typeof look === 'function') sdkState().scrubbers.push(look)
  else complainOnce('scrub', 'it needs a function')
}

/** Takes secrets out of attributes, in place. `system` names the database whose statements are among them. */
export function scrubAttributes(attributes: Attributes, system?: string): void {
  const { scrubbers } = sdkState()
  for (const key in attributes) {
    const value = attributes[key]
    let clean: unknown =
      typeof value === 'number' || typeof value === 'boolean' ? value : scrubValue(key, value, system)
    for (const look of scrubbers) clean = ask(look, key, clean)
    if (clean === value) continue
    if (clean === undefined) delete attributes[key]
    else attributes[key] = clean as AnyValue
  }
}

function scrubValue(key: string, value: unknown, system: string | undefined): unknown {
  const treatment = treatmentOf(key)
  if (treatment === 'safe') return value
  if (treatment === 'secret') return redacted
  if (typeof value === 'string') {
    if (treatment === 'url') return scrubUrl(value)
    if (treatment === 'statement') return maskStatement(value, system)
    if (treatment === 'error') return scrubText(withoutQuotedValues(value))
    return scrubText(value)
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map((item) => scrubValue(key, item, system))
  return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, scrubValue(inner, one, system)]))
}

function treatmentOf(key: string): Treatment {
  const known = treatments.get(key)
  if (known !== undefined) return known
  const treatment = classify(key)
  if (treatments.size < maxRemembered) treatments.set(key, treatment)
  return treatment
}

function classify(key: string): Treatment {
  if (safeKeys.test(key)) return 'safe'
  if (urlKeys.has(key)) return 'url'
  if (statementKeys.has(key)) return 'statement'
  if (errorKeys.has(key)) return 'error'
  return isSecretKey(key) ? 'secret' : 'text'
}

function ask(look: Scrubber, key: string, value: unknown): unknown {
  try {
    return look(key, value)
  } catch {
    return undefined
  }
}
