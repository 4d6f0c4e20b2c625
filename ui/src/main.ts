import '@fontsource-variable/inter/index.css'
import '@/design/tokens.css'
import '@/design/base.css'
import { mount } from 'svelte'
import App from '@/app/App.svelte'
import { followChanges } from '@/api/changes'
import { setHost, type Host } from '@/host/host'
import { tauriHost } from '@/host/tauri'
import { webHost } from '@/host/web'

async function findHost(): Promise<Host> {
  // Only in the build for pictures; the bundler drops it from every other.
  if (import.meta.env.MODE === 'pictures' && !location.search.includes('hub')) {
    return (await import('../dev/fake/host')).fakeHost()
  }
  return '__TAURI_INTERNALS__' in window ? tauriHost() : webHost()
}

async function start() {
  const target = document.getElementById('app')
  if (!target) throw new Error('index.html has a place for the app')
  setHost(await findHost())
  followChanges()
  if (import.meta.env.MODE === 'pictures' && location.search.includes('gallery')) {
    mount((await import('../dev/Gallery.svelte')).default, { target })
    return
  }
  mount(App, { target })
}

void start()
