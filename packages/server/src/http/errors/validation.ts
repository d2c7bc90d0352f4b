import { hasZodFastifySchemaValidationErrors } from '@fastify/type-provider-zod'

/** What zod found in a request, one entry a fault, unknown parameters by their name; undefined for other errors. */
export function validationErrors(error: unknown): { path: string; message: string }[] | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined
  return error.validation.flatMap(({ keyword, instancePath, message, params }) => {
    const path = instancePath.split('/').filter(Boolean).join('.')
    const keys = params['keys']
    if (keyword === 'unrecognized_keys' && Array.isArray(keys)) {
      return keys.slice(0, 20).map((key) => ({
        path: path ? `${path}.${key}` : String(key).slice(0, 200),
        message: 'there is no such parameter',
      }))
    }
    return [{ path: path || (error.validationContext ?? 'request'), message: message ?? 'is not valid' }]
  })
}
