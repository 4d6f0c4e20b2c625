import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Change, Host } from './host'

/** WebView2 knows custom schemes only as hosts below localhost. */
const isWindows = navigator.userAgent.includes('Windows')
const MEDIA = isWindows ? 'http://kontor-media.localhost/' : 'kontor-media://localhost/'

export function tauriHost(): Host {
  return {
    isDesktop: true,
    call: (name, args) => invoke('call', { name, arguments: args }),
    onChanges(listener) {
      const listening = listen<Change>('changes', (event) => listener(event.payload))
      // What was asked before we could listen may be stale already.
      void listening.then(() => listener('missed'))
      return () => void listening.then((stop) => stop())
    },
    mediaUrl: (media, variant = 'full') => `${MEDIA}${encodeURIComponent(media)}?variant=${variant}`,
  }
}
