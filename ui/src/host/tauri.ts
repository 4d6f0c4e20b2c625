import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Change, Host } from './host'

/** WebView2 knows custom schemes only as hosts below localhost. */
const isWindows = navigator.userAgent.includes('Windows')
const MEDIA = isWindows ? 'http://kontor-media.localhost/' : 'kontor-media://localhost/'

export function tauriHost(): Host {
  // Nothing is asked before we listen: what changes after an answer is heard, and nothing has to be asked twice at the start.
  let listening: Promise<unknown> = Promise.resolve()
  return {
    isDesktop: true,
    call: (name, args) => listening.then(() => invoke('call', { name, arguments: args })),
    onChanges(listener) {
      const started = listen<Change>('changes', (event) => listener(event.payload))
      listening = started
      return () => void started.then((stop) => stop())
    },
    mediaUrl: (media, variant = 'full') => `${MEDIA}${encodeURIComponent(media)}?variant=${variant}`,
  }
}
