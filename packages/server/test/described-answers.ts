import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/** An answer, and what it answers. */
export interface Answered {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** What is read of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Holds answers in JSON against what an OpenAPI document says of them. Those of paths that it does not know, and problems of methods
 * that it does not know, are let through.
 * @returns what throws for an answer that is not as described
 */
export function describedAnswers(document: ApiDocument): (answer: Answered) => void {
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addSchema(document, 'api')
  const validators = new Map<string, ValidateFunction>()
  // A path without parameters comes before one that would take it too.
  const templates = Object.keys(document.paths)
    .sort((a, b) => a.split('{').length - b.split('{').length)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`) }))

  const validatorOf = (path: string, method: string, status: number, type: string): ValidateFunction | undefined => {
    const key = [path, method, status, type].join(' ')
    const known = validators.get(key)
    if (known) return known
    for (const answer of [String(status), 'default']) {
      const pointer = ['paths', path, method, 'responses', answer, 'content', type, 'schema']
      const encoded = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      const validate = ajv.getSchema(`api#/${encoded.join('/')}`)
      if (!validate) continue
      validators.set(key, validate)
      return validate
    }
    return undefined
  }

  return ({ method, url, status, contentType, body }) => {
    const type = contentType.split(';')[0]!
    const path = url.split('?', 1)[0]!
    const template = templates.find(({ pattern }) => pattern.test(path))?.path
    if (template === undefined || !(method.toLowerCase() in document.paths[template]!) || !type.endsWith('json')) return
    const validate = validatorOf(template, method.toLowerCase(), status, type)
    if (!validate) throw new Error(`${method} ${template}: ${status} ${type} is not described.`)
    if (validate(JSON.parse(body))) return
    throw new Error(`${method} ${template}: the answer is not as described: ${ajv.errorsText(validate.errors)}`)
  }
}
