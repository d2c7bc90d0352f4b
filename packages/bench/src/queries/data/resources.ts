import { instances, resourceAttributes, services } from '../scenario/services.ts'
import { hashOf, literal } from './statements.ts'

/** Who sent it: a row an instance and day, and the scopes. @param days starts of days, seconds since 1970 */
export function insertSenders(days: readonly number[]): string[] {
  const rows = days.flatMap((day) =>
    services.flatMap((service) =>
      Array.from({ length: instances }, (_, instance) => {
        const attributes = Object.entries(resourceAttributes(service, instance)).flat().map(literal).join(', ')
        return `('default', toDateTime(${day}), ${hashOf(literal(service), `toUInt8(${instance})`, "'resource'")}, ${literal(service)}, map(${attributes}))`
      }),
    ),
  )
  const scopes = days.flatMap((day) =>
    [1, 2, 3, 4, 5, 9].map(
      (kind) => `('default', toDateTime(${day}), ${hashOf("'scope'", `toUInt8(${kind})`)}, 'shop', '1')`,
    ),
  )
  return [
    `INSERT INTO burstlet.resources (space, received, hash, service, attr_s) VALUES ${rows.join(', ')}`,
    `INSERT INTO burstlet.scopes (space, received, hash, name, version) VALUES ${scopes.join(', ')}`,
  ]
}
