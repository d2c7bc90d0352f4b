// The roles of attribute keys, numbered as in `src/semantic-conventions.ts`.
export const NO_ROLE: u32 = 0
export const HTTP_METHOD: u32 = 1
export const HTTP_METHOD_OLD: u32 = 2
export const HTTP_ROUTE: u32 = 3
export const HTTP_STATUS: u32 = 4
export const HTTP_STATUS_OLD: u32 = 5
export const DB_SYSTEM: u32 = 6
export const DB_SYSTEM_OLD: u32 = 7
export const URL_FULL: u32 = 8
export const USER_ID: u32 = 9
export const SESSION_ID: u32 = 10
export const ERROR_TYPE: u32 = 11
export const SERVICE_NAME: u32 = 12
/** A key that makes its record be rejected: it is too long, or one too many. */
export const KEY_TOO_LONG: u32 = 13
export const KEY_REFUSED: u32 = 14
