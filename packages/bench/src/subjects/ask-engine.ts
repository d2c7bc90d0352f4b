import type { ChdbServer } from '@burstlet/chdb-server/start'

/** One statement as its writer; the answer as tab-separated values. @throws Error with what the engine says */
export async function askEngine({ url, writer }: Pick<ChdbServer, 'url' | 'writer'>, sql: string): Promise<string> {
  const token = Buffer.from(`${writer.username}:${writer.password}`).toString('base64')
  const answer = await fetch(url, { method: 'POST', body: sql, headers: { authorization: `Basic ${token}` } })
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}
