/** What a filter means, apart from how it is written and from what it is asked of. */
export type Filter = Conjunction | Disjunction | Negation | Condition

/** All hold; without operands: everything matches. */
export interface Conjunction {
  readonly type: 'and'
  readonly operands: readonly Filter[]
}

/** One of them holds. */
export interface Disjunction {
  readonly type: 'or'
  readonly operands: readonly Filter[]
}

export interface Negation {
  readonly type: 'not'
  readonly operand: Filter
}

export type Condition = Comparison | Membership | Existence | Match | Text | Some

export type CompareOperator = '=' | '!=' | '>' | '>=' | '<' | '<='

export interface Comparison {
  readonly type: 'comparison'
  readonly field: Field
  readonly operator: CompareOperator
  readonly value: Value
}

/** `field IN (…)`, or `field NOT IN (…)`, which as `!=` asks for the field to be there. At least one value. */
export interface Membership {
  readonly type: 'in'
  readonly negated: boolean
  readonly field: Field
  readonly values: readonly Value[]
}

export interface Existence {
  readonly type: 'exists'
  readonly field: Field
}

/**
 * contains: a substring in any case, or an element of an array. like: SQL's % and _, case matters. regexp: RE2, found anywhere.
 * `negated`: NOT CONTAINS and so on, which as `!=` ask for the field to be there.
 */
export interface Match {
  readonly type: 'contains' | 'like' | 'regexp'
  readonly negated: boolean
  readonly field: Field
  readonly value: Value
}

/** A bare word or a quoted text without a field: searched in the body of a log, in the name of a span. */
export interface Text {
  readonly type: 'text'
  readonly text: string
  readonly column: number
}

/** `event{…}`, `link{…}`: one of the events or links of a span fulfils all that stands in the braces. */
export interface Some {
  readonly type: 'some'
  readonly of: 'event' | 'link'
  readonly operand: Filter
  readonly column: number
}

/** `column` counts from 1, in UTF-16 code units, as editors do. */
export interface Field {
  readonly name: string
  readonly column: number
}

export type Value = { readonly column: number; readonly text: string } & (
  | { readonly type: 'string' }
  /** `text` has every digit, which `number` may not (int64). */
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'duration'; readonly nanoseconds: number }
  | { readonly type: 'boolean'; readonly boolean: boolean }
)

/** A text of the query language (a filter, an aggregate, a formula) is not one, or asks for what cannot be asked. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
  /** Of the fault, from 1. */
  readonly column: number
  /** What may have been meant. */
  readonly hint: string | undefined

  constructor(message: string, column: number, hint?: string) {
    super(`${message} (column ${column})${hint === undefined ? '' : `. ${hint}`}`)
    this.column = column
    this.hint = hint
  }
}
