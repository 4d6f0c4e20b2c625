// Read before everything else: the way to the core opens while the rest of the window is still being read.
import { followChanges } from '@/api/changes'
import { setHost, type Host } from '@/host/host'
import { tauriHost } from '@/host/tauri'
import { webHost } from '@/host/web'

export function beginWith(host: Host) {
  setHost(host)
  followChanges()
}

// The build for pictures may bring a core of its own.
if (import.meta.env.MODE !== 'pictures') beginWith('__TAURI_INTERNALS__' in window ? tauriHost() : webHost())
