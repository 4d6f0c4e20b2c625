import { command } from '@/api/query.svelte'
import type { ConversationView } from '@/api/generated'

/** So long somebody looks at it before it counts as read. */
const DWELL_MS = 700

interface Sight {
  view: () => ConversationView
  /** The window has the focus. */
  isFocused: () => boolean
  /** The newest message is in sight. */
  isAtEnd: () => boolean
}

/** Marks a conversation as read once somebody has looked; never against a person who just marked it as unread. */
export function followReading(sight: Sight) {
  const wasMarked = sight.view().isMarkedUnread
  let hasLooked = false
  $effect(() => {
    const view = sight.view()
    const isDue = view.unreadCount > 0 || (view.isMarkedUnread && wasMarked && !hasLooked)
    if (!isDue || !sight.isFocused() || !sight.isAtEnd()) return
    const timer = setTimeout(() => {
      hasLooked = true
      // If it fails, the next look tries again.
      command('inbox_act', { kind: 'see', conversation: view.id }).catch(() => undefined)
    }, DWELL_MS)
    return () => clearTimeout(timer)
  })
}
