/** A place in a built script: line from 1, column from 0. */
export type ScriptPlace = readonly [line: number, column: number]

/** The same place in the source. */
export interface Original {
  readonly file: string
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Of the token at that place: of the function that is called there, where the frame is not the innermost. */
  readonly name: string | null
  /** The line of the source; empty when the map has no sources. */
  readonly code: string
}

/** To the thread. */
export interface ToLocator {
  readonly id: number
  readonly key: string
  readonly places: readonly ScriptPlace[]
  /** The map, gzip, where the thread said that it does not have it. */
  readonly content?: Uint8Array
}

/** From the thread. `memory`: bytes that its maps take, about. */
export interface FromLocator {
  readonly id: number
  readonly memory: number
  readonly outcome: Located
}

export type Located =
  /** null: the map says nothing of this place. */
  | { readonly kind: 'located'; readonly originals: readonly (Original | null)[] }
  /** The map is needed. */
  | { readonly kind: 'missing' }
  /** The map cannot be used. */
  | { readonly kind: 'broken'; readonly reason: string }
