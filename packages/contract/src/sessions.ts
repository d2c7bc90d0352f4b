import { z } from 'zod'
import { page, timestamp } from './common.ts'

export const session = z.object({
  id: z.string(),
  createdAt: timestamp,
  expiresAt: timestamp,
  userAgent: z.string().describe('What the browser called itself'),
  current: z.boolean().describe('Whether it is the one that asks'),
})

/** `GET /sessions`: browsers that are signed in. */
export const sessionsResponse = page(session)
export type SessionsResponse = z.infer<typeof sessionsResponse>

/** `DELETE /sessions/:id` */
export const sessionParams = z.object({ id: z.uuid() })

/** `POST /sign-in-links` */
export const signInLink = z.object({ url: z.url().describe('To be opened by one browser within a quarter of an hour') })
export type SignInLink = z.infer<typeof signInLink>
