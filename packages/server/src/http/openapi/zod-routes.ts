import { validatorCompiler, type ZodTypeProvider } from '@fastify/type-provider-zod'
import type { FastifyInstance } from 'fastify'

/**
 * Routes of a plugin that are described by zod. Requests are validated; answers are described only, since checking each
 * of a thousand rows would cost twice what making them does. Tests hold the answers to their schemas.
 */
export function zodRoutes(instance: FastifyInstance) {
  instance.setValidatorCompiler(validatorCompiler)
  instance.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  return instance.withTypeProvider<ZodTypeProvider>()
}
