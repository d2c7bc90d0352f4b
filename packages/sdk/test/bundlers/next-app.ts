/** A site of Next.js as its users write one: pages, a route handler, a proxy at the edge, and the SDK in `instrumentation.ts`. */
export const nextApp: Record<string, string> = {
  'next.config.mjs': 'export default {}\n',
  'instrumentation.ts': `import { init } from '@burstlet/monitoring'
export function register() {
  init({ serviceName: 'site' })
}
`,
  'middleware.ts': `import { NextResponse } from 'next/server'
import { logger } from '@burstlet/monitoring'
export function middleware() {
  logger.info('at the edge')
  return NextResponse.next()
}
`,
  'app/layout.tsx': `export default function Layout({ children }: { children: React.ReactNode }) {
  return <html><body>{children}</body></html>
}
`,
  'app/page.tsx': 'export default function Page() {\n  return <p>home</p>\n}\n',
  'app/blog/[slug]/page.tsx': `import { trace } from '@burstlet/monitoring'
export const dynamic = 'force-dynamic'
export default async function Page({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params
  return <p>{trace('read post', () => slug)}</p>
}
`,
  'app/api/orders/[id]/route.ts': `import { logger } from '@burstlet/monitoring'
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  logger.info('order read')
  return Response.json({ id })
}
`,
}

/** What is asked of it, and the server span that comes of it. */
export const requests: Record<string, string> = {
  '/': 'GET /',
  '/blog/first': 'GET /blog/[slug]',
  '/blog/second': 'GET /blog/[slug]',
  '/api/orders/7': 'GET /api/orders/[id]',
}
