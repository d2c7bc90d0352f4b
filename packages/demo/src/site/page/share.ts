import type { Video } from './api.ts'

/** A link to a video. It trusts that videos have a channel, and none has one: a fault to find. */
export function shareLink(video: Video): string {
  return `https://burstlet.example/${handleOf(video)}/${video.id}`
}

function handleOf({ channel }: Video): string {
  return channel!.handle.toLowerCase()
}
