import { expect, it } from 'vitest'
import { launchBrowser, newContext } from './browser.ts'

it('runs a page in a real browser with a fixed locale and zone, with fonts', async () => {
  const browser = await launchBrowser()
  try {
    const page = await (await newContext(browser)).newPage()
    await page.setContent('<span id="text">measured</span>')
    expect(await page.evaluate(() => new Intl.DateTimeFormat().resolvedOptions().timeZone)).toBe('UTC')
    expect(await page.evaluate(() => navigator.language)).toBe('en-US')
    const box = await page.locator('#text').boundingBox()
    expect(box?.width).toBeGreaterThan(20)
  } finally {
    await browser.close()
  }
})
