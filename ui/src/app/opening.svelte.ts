import { untrack } from 'svelte'
import type { ConversationId, ConversationView, MessageId } from '@/api/generated'
import { Messages } from '@/features/conversation/messages.svelte'

/** What was on the screen stays there for so long: a person sees one change instead of two. */
const PATIENCE_MS = 100

interface Shown {
  view: ConversationView
  messages: Messages
}

/**
 * The conversation on the screen. Head and messages are asked for at the same moment and shown in one piece when both are here;
 * until then, but not for long, the one before stays.
 */
export function followOpening(
  conversation: () => ConversationId | null,
  view: () => ConversationView | undefined,
  target: () => MessageId | null,
) {
  let shown = $state.raw<Shown | null>(null)
  let isOverdue = $state(false)

  const asked = $derived.by(() => {
    const id = conversation()
    return id === null
      ? null
      : untrack(() => {
          const messages = new Messages(id)
          void messages.start(target())
          return messages
        })
  })

  $effect.pre(() => {
    const used = asked
    isOverdue = false
    const timer = setTimeout(() => (isOverdue = true), PATIENCE_MS)
    return () => {
      clearTimeout(timer)
      used?.stop()
    }
  })

  $effect.pre(() => {
    const [messages, answer, isLate] = [asked, view(), isOverdue]
    if (!messages) return void (shown = null)
    const isHere = answer !== undefined && answer.id === messages.conversation
    const isShown = untrack(() => shown?.messages === messages)
    if (isHere && (isShown || isLate || !messages.isLoading)) shown = { view: answer, messages }
    else if (isLate && !isShown) shown = null
  })

  return {
    get shown() {
      return shown
    },
    get isOverdue() {
      return isOverdue
    },
  }
}
