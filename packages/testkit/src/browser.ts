import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'

export type { Browser, BrowserContext, Page } from 'playwright-core'

const installedBrowsers = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Starts a headless Chromium: `CHROME_PATH`, else one that is installed, else the one of npm, which needs no root and
 * no system libraries. Close it with `browser.close()`.
 * @param environment what it gets beside that of this process
 * @throws when CHROME_PATH names no file, or the browser does not start
 */
export async function launchBrowser(environment: Record<string, string> = {}): Promise<Browser> {
  // Chromium's sandbox needs user namespaces or root-owned helpers, which build machines do not have.
  const common: LaunchOptions = {
    headless: true,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--font-render-hinting=none'],
  }
  const wanted = process.env['CHROME_PATH']
  if (wanted && !existsSync(wanted)) throw new Error(`CHROME_PATH names no file: ${wanted}`)
  const installed = wanted ?? installedBrowsers.find((path) => existsSync(path))
  const own = { ...definedEnvironment(), ...environment }
  if (installed) return chromium.launch({ ...common, executablePath: installed, env: own })

  const { executablePath, env } = await npmChromium()
  return chromium.launch({ ...common, executablePath, env: { ...own, ...env } })
}

/** A context with a fixed locale and zone, so that what the page writes does not depend on the machine. */
export function newContext(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  return browser.newContext({ locale: 'en-US', timezoneId: 'UTC', viewport: { width: 1440, height: 900 }, ...options })
}

/** Extracts npm's Chromium once per version and says what its libraries and fonts need in the environment. */
async function npmChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const require = createRequire(import.meta.url)
  const root = dirname(dirname(require.resolve('@sparticuz/chromium')))
  const { version } = require(join(root, 'package.json')) as { version: string }
  // The package takes any chromium that it finds in the temporary folder, of whatever version: so it gets one of its own.
  const home = join(tmpdir(), `burstlet-chromium-${version}-${process.getuid?.() ?? 0}`)
  if (!existsSync(join(home, 'chromium'))) await extract(join(root, 'bin'), home)
  const lib = join(home, 'al2023', 'lib')
  return {
    executablePath: join(home, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [lib, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      FONTCONFIG_PATH: join(home, 'fontconfig'),
    },
  }
}

/** Extraction runs in a process of its own, since the package reads TMPDIR as it is loaded. Whole or not at all. */
async function extract(bin: string, home: string): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), 'burstlet-chromium-'))
  const script = `
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath(${JSON.stringify(bin)});
    await inflate(${JSON.stringify(join(bin, 'al2023.tar.br'))});`
  await run(process.execPath, ['--input-type=module', '--eval', script], { ...definedEnvironment(), TMPDIR: staging })
  // The package's own fonts.conf looks into folders of a cloud function only.
  mkdirSync(join(staging, 'fontconfig'))
  writeFileSync(
    join(staging, 'fontconfig', 'fonts.conf'),
    `<fontconfig><dir>${join(home, 'fonts')}</dir><cachedir>${join(home, 'fonts-cache')}</cachedir></fontconfig>`,
  )
  try {
    mkdirSync(dirname(home), { recursive: true })
    renameSync(staging, home)
  } catch (error) {
    // Another test run was quicker; its browser is as good as ours.
    if (!existsSync(join(home, 'chromium'))) throw error
    await rm(staging, { recursive: true, force: true })
  }
}

function run(command: string, args: string[], env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`Chromium could not be extracted (exit ${code}): ${complaint.slice(-2000)}`)),
    )
  })
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
