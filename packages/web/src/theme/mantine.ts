import { createTheme, type MantineColorsTuple } from '@mantine/core'

const tone = (value: string) => Array.from({ length: 10 }, () => value) as unknown as MantineColorsTuple

/** Mantine gives behaviour (menus, drawers, focus traps); how it looks comes from tokens.css. */
export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'accent',
  colors: { accent: tone('var(--accent)') },
  primaryShade: 5,
  defaultRadius: 6,
  cursorType: 'pointer',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '20px', xl: '24px' },
  respectReducedMotion: true,
})
