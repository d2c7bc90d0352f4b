import { IconCornerDownLeft } from '@tabler/icons-react'

/** The Enter key; drawn, since not every font has its sign. */
export function EnterKey() {
  return (
    <kbd>
      <IconCornerDownLeft size={12} role="img" aria-label="Enter" />
    </kbd>
  )
}
