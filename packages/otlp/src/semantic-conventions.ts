/**
 * Attribute names that have columns of their own, newest name first: clients on old semantic conventions and on new
 * ones fill the same column. Queries use this table too, to turn a filter on either name into one on the column.
 */
export const copiedAttributes = {
  http_method: ['http.request.method', 'http.method'],
  http_route: ['http.route'],
  http_status: ['http.response.status_code', 'http.status_code'],
  db_system: ['db.system.name', 'db.system'],
} as const

/**
 * String attributes of spans that are moved out of `attr_s` into a nullable column. Only these names: an older name
 * (`http.url`, `enduser.id`) would come back under the new one.
 */
export const movedAttributes = {
  url_full: 'url.full',
  user_id: 'user.id',
  session_id: 'session.id',
} as const

/** What a service is called when its resource does not say. */
export const unknownService = 'unknown_service'

// Roles: numbers by which a writer finds the attributes it needs in a record, see `AttributeSet.byRole`.
export const noRole = 0
export const httpMethod = 1
export const httpMethodOld = 2
export const httpRoute = 3
export const httpStatus = 4
export const httpStatusOld = 5
export const dbSystem = 6
export const dbSystemOld = 7
export const urlFull = 8
export const userId = 9
export const sessionId = 10
export const errorType = 11
export const serviceName = 12
/** A key that makes its record be rejected: it is too long, or one too many. */
export const keyTooLong = 13
export const keyRefused = 14

const roles = new Map<string, number>([
  [copiedAttributes.http_method[0], httpMethod],
  [copiedAttributes.http_method[1], httpMethodOld],
  [copiedAttributes.http_route[0], httpRoute],
  [copiedAttributes.http_status[0], httpStatus],
  [copiedAttributes.http_status[1], httpStatusOld],
  [copiedAttributes.db_system[0], dbSystem],
  [copiedAttributes.db_system[1], dbSystemOld],
  [movedAttributes.url_full, urlFull],
  [movedAttributes.user_id, userId],
  [movedAttributes.session_id, sessionId],
  ['error.type', errorType],
  ['service.name', serviceName],
])

/** The role of an attribute key; most have none. */
export function roleOf(key: string): number {
  return roles.get(key) ?? noRole
}
