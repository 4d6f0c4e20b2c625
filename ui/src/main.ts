import { beginWith } from './begin'
import '@fontsource-variable/inter/index.css'
import '@/design/tokens.css'
import '@/design/base.css'
import { mount } from 'svelte'
import { askAhead } from '@/api/query.svelte'
import App from '@/app/App.svelte'
import { askInboxAhead } from '@/features/inbox/list.svelte'
import { webHost } from '@/host/web'

/** What the first screen shows of an open profile: asked for at once, instead of one after the other. */
function askForTheFirstScreen() {
  askAhead('profile_status', {})
  askAhead('about', {})
  askAhead('settings_get', {})
  askInboxAhead()
  askAhead('accounts_list', {})
  askAhead('inbox_counts', {})
}

async function start() {
  const target = document.getElementById('app')
  if (!target) throw new Error('index.html has a place for the app')
  // Only in the build for pictures; the bundler drops it from every other.
  if (import.meta.env.MODE === 'pictures') {
    beginWith(location.search.includes('hub') ? webHost() : (await import('../dev/fake/host')).fakeHost())
    if (location.search.includes('gallery')) {
      mount((await import('../dev/Gallery.svelte')).default, { target })
      return
    }
  }
  askForTheFirstScreen()
  mount(App, { target })
}

void start()
