import { z } from 'zod'

/** What a process does: takes telemetry in, answers the API and the page, or does what recurs. */
export const roleNames = ['ingest', 'query', 'scheduler'] as const
export type RoleName = (typeof roleNames)[number]

/** Names separated by commas, as a list in the order of `roleNames` without repetitions. */
export const roles = z
  .string()
  .default(roleNames.join(','))
  .transform((text, context): readonly RoleName[] => {
    const given = text.split(',').flatMap((name) => name.trim() || [])
    const unknown = given.filter((name) => !(roleNames as readonly string[]).includes(name))
    const among = `the roles are ${roleNames.join(', ')}`
    if (unknown.length > 0) context.addIssue(`there is no role ${unknown.join(', ')}; ${among}`)
    else if (given.length === 0) context.addIssue(`names no role; ${among}`)
    return roleNames.filter((name) => given.includes(name))
  })
