import { z } from 'zod'

/** One setting: an environment variable, which is a flag too (`MONITORING_API_PORT` is `--api-port`). */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly name: `MONITORING_${string}`
  /** Takes text, or the value that a configuration file has; without one it gives the default. */
  readonly schema: Schema
  readonly description: string
  /** Its value is never printed. */
  readonly secret?: true
}

/** Settings that belong together; a part of the server is handed its group, or some of it. */
export interface SettingGroup {
  /** Heading in `--help`. */
  readonly title: string
  readonly settings: Readonly<Record<string, Setting>>
}

export function setting<Schema extends z.ZodType>(
  name: Setting['name'],
  schema: Schema,
  description: string,
): Setting<Schema> {
  return { name, schema, description }
}

export function secret<Schema extends z.ZodType>(
  name: Setting['name'],
  schema: Schema,
  description: string,
): Setting<Schema> {
  return { name, schema, description, secret: true }
}

export const port = (value: number) => z.coerce.number().int().min(0).max(65_535).default(value)
export const days = (value: number) => z.coerce.number().int().min(1).max(3650).default(value)
/** A whole number between two bounds. */
export const count = (value: number, highest: number, lowest = 1) =>
  z.coerce.number().int().min(lowest).max(highest).default(value)
/** A whole number of bytes. */
export const bytes = (value: number, lowest: number) => z.coerce.number().int().min(lowest).default(value)
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
export const key = z.string().min(32, 'must have at least 32 characters')
