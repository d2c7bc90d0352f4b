import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { FastifyInstance } from 'fastify'

/**
 * Holds every answer in JSON of an app against what its OpenAPI document says of it: one that is not as described fails its
 * request. The document is that of the routes which are registered when the first answer is sent.
 */
export function describedAnswers(app: FastifyInstance): void {
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  const validators = new Map<string, ValidateFunction>()
  const validatorOf = (path: string, method: string, status: number, type: string): ValidateFunction | undefined => {
    const key = [path, method, status, type].join(' ')
    const known = validators.get(key)
    if (known) return known
    if (!ajv.getSchema('api')) ajv.addSchema(app.swagger(), 'api')
    const place = path.replace(/:(\w+)/g, '{$1}')
    for (const answer of [String(status), 'default']) {
      const pointer = ['paths', place, method.toLowerCase(), 'responses', answer, 'content', type, 'schema']
      const encoded = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      const validate = ajv.getSchema(`api#/${encoded.join('/')}`)
      if (!validate) continue
      validators.set(key, validate)
      return validate
    }
    return undefined
  }
  app.addHook('onSend', async (request, reply, payload) => {
    const { url = '', schema } = request.routeOptions
    const type = String(reply.getHeader('content-type') ?? '').split(';')[0]!
    if (typeof payload !== 'string' || !type.endsWith('json') || !schema || (schema as { hide?: boolean }).hide) return
    const validate = validatorOf(url, request.method, reply.statusCode, type)
    if (!validate) throw new Error(`${request.method} ${url}: ${reply.statusCode} ${type} is not described.`)
    if (validate(JSON.parse(payload))) return
    throw new Error(`${request.method} ${url}: the answer is not as described: ${ajv.errorsText(validate.errors)}`)
  })
}
