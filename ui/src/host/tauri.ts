import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import questions from './first.json'
import type { Change, Host } from './host'

/** WebView2 knows custom schemes only as hosts below localhost. */
const isWindows = navigator.userAgent.includes('Windows')
const MEDIA = isWindows ? 'http://kontor-media.localhost/' : 'kontor-media://localhost/'

const keyOf = (name: string, args: unknown) => JSON.stringify([name, args])

/** The shell's answers to `first.json`, made before there was a page: a round trip less until there is something to see. */
function firstAnswers(): Map<string, unknown> {
  const block = document.getElementById('first-answers')
  const answers = JSON.parse(block?.textContent ?? '[]') as ([unknown] | null)[]
  block?.remove()
  return new Map(
    answers.flatMap((answer, index) => {
      const [name, args] = questions[index] ?? []
      return answer && typeof name === 'string' ? [[keyOf(name, args), answer[0]] as const] : []
    }),
  )
}

export function tauriHost(): Host {
  const first = firstAnswers()
  // Nothing is asked before we listen: what changes after an answer is heard, and nothing has to be asked twice at the start.
  let listening: Promise<unknown> = Promise.resolve()
  return {
    isDesktop: true,
    call: (name, args) => listening.then(() => invoke('call', { name, arguments: args })),
    told(name, args) {
      const key = keyOf(name, args)
      const answer = first.get(key)
      first.delete(key)
      return answer
    },
    onChanges(listener) {
      const started = listen<Change>('changes', (event) => listener(event.payload))
      listening = started
      return () => void started.then((stop) => stop())
    },
    mediaUrl: (media, variant = 'full') => `${MEDIA}${encodeURIComponent(media)}?variant=${variant}`,
  }
}
