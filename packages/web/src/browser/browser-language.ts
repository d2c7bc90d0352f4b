/**
 * Replaces a language that `Intl` refuses, such as the `en-US@posix` of a Chromium with LANG=C, by English: libraries
 * that hand `navigator.language` to `Intl` as they are loaded (uPlot, its issue 1053) take the page down otherwise.
 */
export function mendBrowserLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language)
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
    Object.defineProperty(navigator, 'languages', { value: ['en-US'], configurable: true })
  }
}
