import { join } from 'node:path'
import { type Store, startServerBefore } from '../store.ts'
import { askOurs } from './ask-ours.ts'
import { type CountingFront, type Statement, startCountingFront } from './counting-front.ts'
import type { Question } from './questions.ts'
import type { Subject } from './subjects.ts'

/** What one asking reads. */
export interface Read {
  readonly ours: Sum
  /** The statements that ours consists of, in the order in which they were answered. */
  readonly statements: readonly Statement[]
  readonly theirs: Sum | undefined
}

interface Sum {
  readonly rows: number
  readonly bytes: number
}

/** Asks each question once more, with a front before the engine that counts. Ends the store's server. */
export async function countReads(
  store: Store,
  questions: readonly Question[],
  subject: Subject,
  rival: boolean,
): Promise<Map<string, Read>> {
  await store.stopServer()
  const front = await startCountingFront(store.engine.url)
  const server = await startServerBefore(front.url, store.engine, join(store.folder, 'server'))
  const reads = new Map<string, Read>()
  try {
    for (const question of questions) {
      front.take()
      await askOurs(server, question.ours(subject))
      const statements = front.take().filter(({ sql }) => !isOfScheduler(sql))
      const theirs = rival ? await ofRival(front, store, question, subject) : undefined
      reads.set(question.name, { ours: sum(statements), statements, theirs })
    }
  } finally {
    await server.stop()
    await front.stop()
  }
  return reads
}

async function ofRival(front: CountingFront, store: Store, question: Question, subject: Subject): Promise<Sum> {
  const asked = new Set<string>()
  await question.theirs(async (sql) => {
    const statement = `${sql} FORMAT JSONEachRow`
    asked.add(statement)
    return store.rows(statement, front.url)
  }, subject)
  return sum(front.take().filter(({ sql }) => asked.has(sql)))
}

/** The scheduler goes on asking beside the questions; it names each of the tables that only it reads. */
function isOfScheduler(sql: string): boolean {
  return /argMax\(seen, run\) AS seen|SELECT space, toUnixTimestamp64Second\(span_arrivals|SELECT toUInt32\(count\(\)\) AS rows FROM/.test(
    sql,
  )
}

function sum(statements: readonly Statement[]): Sum {
  return {
    rows: statements.reduce((total, { rows }) => total + rows, 0),
    bytes: statements.reduce((total, { bytes }) => total + bytes, 0),
  }
}
