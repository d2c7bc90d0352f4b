import { maskCommandText } from './command.ts'
import { maskDocument } from './document.ts'
import { withoutLiterals } from './sql.ts'

/** Stores that are spoken to in commands. */
const commandStores = new Set(['redis', 'valkey', 'keydb', 'dragonfly', 'memcached', 'aws.elasticache'])

/**
 * The text of a statement without anything that a user may have typed.
 * @param system `db.system.name`, or the older `db.system`, of the span that carries it
 */
export function maskStatement(statement: string, system: string | undefined): string {
  if (system !== undefined && commandStores.has(system)) return maskCommandText(statement)
  return (/^\s*[[{]/.test(statement) ? maskDocument(statement) : undefined) ?? withoutLiterals(statement, system)
}
