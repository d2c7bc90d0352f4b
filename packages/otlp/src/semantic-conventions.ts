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
export const UNKNOWN_SERVICE = 'unknown_service'

// Roles: numbers by which a writer finds the attributes it needs in a record, see `AttributeSet.byRole`.
export const NO_ROLE = 0
export const HTTP_METHOD = 1
export const HTTP_METHOD_OLD = 2
export const HTTP_ROUTE = 3
export const HTTP_STATUS = 4
export const HTTP_STATUS_OLD = 5
export const DB_SYSTEM = 6
export const DB_SYSTEM_OLD = 7
export const URL_FULL = 8
export const USER_ID = 9
export const SESSION_ID = 10
export const ERROR_TYPE = 11
export const SERVICE_NAME = 12
/** A key that makes its record be rejected: it is too long, or one too many. */
export const KEY_TOO_LONG = 13
export const KEY_REFUSED = 14

const roles = new Map<string, number>([
  [copiedAttributes.http_method[0], HTTP_METHOD],
  [copiedAttributes.http_method[1], HTTP_METHOD_OLD],
  [copiedAttributes.http_route[0], HTTP_ROUTE],
  [copiedAttributes.http_status[0], HTTP_STATUS],
  [copiedAttributes.http_status[1], HTTP_STATUS_OLD],
  [copiedAttributes.db_system[0], DB_SYSTEM],
  [copiedAttributes.db_system[1], DB_SYSTEM_OLD],
  [movedAttributes.url_full, URL_FULL],
  [movedAttributes.user_id, USER_ID],
  [movedAttributes.session_id, SESSION_ID],
  ['error.type', ERROR_TYPE],
  ['service.name', SERVICE_NAME],
])

/** The role of an attribute key; most have none. */
export function roleOf(key: string): number {
  return roles.get(key) ?? NO_ROLE
}
