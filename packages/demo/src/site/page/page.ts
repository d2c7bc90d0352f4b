import { startWebMonitoring } from '@burstlet/monitoring/web'
import { Api, type Video } from './api.ts'
import { shareLink } from './share.ts'

/** Told by the build. */
declare const RELEASE: string

const monitoring = startWebMonitoring({
  endpoint: '/telemetry',
  serviceName: 'web',
  serviceVersion: RELEASE,
  environment: 'demo',
})
const user = `user-${Math.ceil(Math.random() * 50)}`
monitoring.identify(user)
const api = new Api(user, monitoring.sessionId)

const form = find<HTMLFormElement>('#search')
const player = find<HTMLElement>('#player')

form.addEventListener('submit', (event) => {
  event.preventDefault()
  void list()
})
find('#upload').addEventListener('click', async () => {
  const title = `My ${new FormData(form).get('words') || 'video'}`
  monitoring.event('upload.started', { plan: 'pro' })
  say((await api.upload(title)) ? `“${title}” is uploaded.` : 'The upload failed. Try again.')
  await list()
})
void list()

async function list(): Promise<void> {
  const videos = await api.search(String(new FormData(form).get('words') ?? ''))
  find('#videos').replaceChildren(
    ...videos.map((video) => {
      const item = document.createElement('li')
      item.append(
        button(video.title, () => play(video)),
        ` ${video.views} views`,
      )
      return item
    }),
  )
}

async function play(video: Video): Promise<void> {
  const recommended = await monitoring.trace('watch', () => api.watch(video.id)).catch(() => undefined)
  if (recommended === undefined) return say('This video cannot be shown now.')
  monitoring.event('video.played', { status: video.status })
  say(`▶ ${video.title}: ${recommended} more like it.`)
  player.append(button('Share', () => say(shareLink(video))))
}

function say(text: string): void {
  const line = document.createElement('p')
  line.textContent = text
  player.replaceChildren(line)
}

function button(label: string, act: () => unknown): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = label
  made.addEventListener('click', () => void act())
  return made
}

function find<Found extends HTMLElement = HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector)
  if (found === null) throw new Error(`the page has no ${selector}`)
  return found
}
