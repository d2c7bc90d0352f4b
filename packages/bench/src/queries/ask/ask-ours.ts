import type { TestServer } from '@burstlet/testkit/server'
import type { ApiRequest } from './questions.ts'

/** Asks the product's API; the length of the answer. @throws Error when it is not answered well */
export async function askOurs(server: TestServer, { path, body }: ApiRequest): Promise<number> {
  const answer = await fetch(`${server.api}/api/v1/monitoring${path}`, {
    headers: {
      authorization: `Bearer ${server.apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${text}`)
  return text.length
}
