import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'

/** A colour of tokens.css. Canvases cannot read variables, so they get the value of the scheme in use. */
export type Token = (name: string) => string

/** Reads tokens of the current scheme; the function changes when the scheme does, so effects can depend on it. */
export function useTokens(): Token {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  return useMemo(() => {
    const values = new Map<string, string>()
    const style = getComputedStyle(document.documentElement)
    return (name) => {
      // Mantine sets the attribute in an effect; until it agrees with the scheme nothing may be remembered.
      const isCurrent = document.documentElement.dataset['mantineColorScheme'] === scheme
      let value = values.get(name)
      if (value === undefined) {
        value = style.getPropertyValue(`--${name}`).trim()
        if (isCurrent) values.set(name, value)
      }
      return value
    }
  }, [scheme])
}
