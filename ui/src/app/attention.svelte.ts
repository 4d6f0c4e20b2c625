import { command } from '@/api/query.svelte'
import { navigation } from './navigation.svelte'

/** What the person sees now; the core notifies of nothing that is before their eyes. */
class Focus {
  isFocused = $state(document.hasFocus())
}

export const windowFocus = new Focus()

export function reportAttention() {
  $effect(() => {
    const look = () => {
      windowFocus.isFocused = document.hasFocus() && document.visibilityState === 'visible'
    }
    look()
    window.addEventListener('focus', look)
    window.addEventListener('blur', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.removeEventListener('focus', look)
      window.removeEventListener('blur', look)
      document.removeEventListener('visibilitychange', look)
    }
  })
  $effect(() => {
    const conversation = navigation.route === 'settings' ? null : navigation.conversation
    // Nothing hangs on the answer: the next change of focus says it again.
    void command('attention_set', { conversation, isFocused: windowFocus.isFocused }).catch(() => undefined)
  })
}
