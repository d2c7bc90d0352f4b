import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core'
import { notice } from './notice.ts'

/** A number greater than zero from the environment. Anything else is told and counts as unset. */
export function positiveFromEnv(variable: string): number | undefined {
  const value = getNumberFromEnv(variable)
  if (value === undefined || value > 0) return value
  notice(`${variable} must be greater than 0, not ${value}; its default is used.`)
  return undefined
}

/** The first of several variables that holds something. */
export function firstFromEnv(...variables: string[]): string | undefined {
  for (const variable of variables) {
    const value = getStringFromEnv(variable)?.trim()
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** A list with commas between, without doubles and blanks; empty where the variable is not set. */
export function listFromEnv(variable: string): string[] {
  const names = (process.env[variable] ?? '').split(',').map((name) => name.trim())
  return [...new Set(names.filter((name) => name !== ''))]
}

/** The entries of an object that are set: OpenTelemetry takes an explicit undefined for a value. */
export function definedOnly<T extends object>(values: { [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
