import { type ReactNode, useEffect, useState } from 'react'

interface TextFieldProps {
  label: string
  value: string
  placeholder?: string
  onCommit: (value: string) => void
  /** Why what was typed cannot be used; null when it can. */
  check?: (value: string) => string | null
}

/** A labelled field that takes effect on Enter or when it is left, so that half a word asks nothing. */
export function TextField({ label, value, placeholder, onCommit, check }: TextFieldProps) {
  const { draft, setDraft, commit, fault } = useDraft(value, onCommit, check)
  return (
    <label className="facet-field">
      <span>{label}</span>
      <input
        className="field mono"
        value={draft}
        placeholder={placeholder}
        aria-invalid={fault !== null}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      {fault && (
        <span className="is-error" role="alert">
          {fault}
        </span>
      )}
    </label>
  )
}

interface FilterFieldProps {
  label: string
  value: string
  placeholder: string
  icon: ReactNode
  onCommit: (value: string) => void
  /** The field that `/` goes to. */
  primary?: boolean
  invalid?: boolean
}

/** The wide field above a list; `/` goes to it, Enter asks, Escape leaves it. */
export function FilterField({
  label,
  value,
  placeholder,
  icon,
  onCommit,
  primary = false,
  invalid = false,
}: FilterFieldProps) {
  const { draft, setDraft, commit } = useDraft(value, onCommit)
  return (
    <label className="filter-field" data-invalid={invalid}>
      {icon}
      <input
        {...(primary ? { 'data-filter': '' } : {})}
        aria-label={label}
        aria-invalid={invalid}
        value={draft}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {primary && <kbd>/</kbd>}
    </label>
  )
}

function useDraft(
  value: string,
  onCommit: (value: string) => void,
  check: (value: string) => string | null = () => null,
) {
  const [draft, setDraft] = useState(value)
  const [fault, setFault] = useState<string | null>(null)
  // The URL may change by other means, such as the back button; what is shown then follows it.
  useEffect(() => setDraft(value), [value])
  const commit = () => {
    const text = draft.trim()
    const problem = text === '' ? null : check(text)
    setFault(problem)
    if (problem === null && text !== value) onCommit(text)
  }
  return { draft, setDraft, commit, fault }
}
