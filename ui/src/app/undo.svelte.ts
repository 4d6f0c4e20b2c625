import type { ActionId, Applied, ConversationId, MessageId, MessageView } from '@/api/generated'
import { CallError } from '@/api/error'
import { command } from '@/api/query.svelte'
import { toasts } from '@/design/toasts.svelte'
import { t } from '@/i18n/index.svelte'
import { usableKey } from '@/lib/letters.svelte'
import { navigation } from './navigation.svelte'

interface Held {
  action: ActionId | null
  messages: readonly MessageId[]
  conversation: ConversationId
  /** What the reply answered: the core gives its text back, and not this. */
  quoted: MessageView | null
  hideToast: () => void
}

/** What can be taken back: the replies that are held, and the newest action of all. */
class Undo {
  #held = $state.raw<readonly Held[]>([])
  /** In this conversation a reply became the draft again. */
  restoring = $state.raw<{ conversation: ConversationId; quoted: MessageView | null } | null>(null)

  canTakeBack(conversation: ConversationId) {
    return this.#held.some((one) => one.conversation === conversation)
  }

  /** A reply is held: say so, with a way back, for as long as there is one. */
  offer(conversation: ConversationId, applied: Applied, quoted: MessageView | null) {
    const until = applied.heldUntil
    if (until === null || until <= Date.now()) return
    const held: Held = {
      action: applied.action,
      messages: applied.messages,
      conversation,
      quoted,
      hideToast: toasts.show({
        text: t('composer.sending'),
        until,
        action: { label: t('ui.undo'), keys: usableKey(['z', '$mod+z']), run: () => void this.#take(held.action) },
      }),
    }
    this.#held = [...this.#held, held]
    setTimeout(() => (this.#held = this.#held.filter((one) => one !== held)), until - Date.now())
  }

  /** The reply that is still held and sent last, else the newest action. */
  newest() {
    void this.#take(this.#held.at(-1)?.action ?? null)
  }

  /** The reply in this conversation that is still held and was sent last. */
  newestIn(conversation: ConversationId) {
    const held = this.#held.findLast((one) => one.conversation === conversation)
    if (held) void this.#take(held.action)
  }

  message(message: MessageId) {
    void this.#take(this.#held.find((one) => one.messages.includes(message))?.action ?? null)
  }

  /** Another profile is open: nothing of the last one can be taken back there. */
  forget() {
    for (const held of this.#held) held.hideToast()
    this.#held = []
    this.restoring = null
  }

  async #take(action: ActionId | null) {
    const held = this.#held.find((one) => one.action === action)
    held?.hideToast()
    this.#held = this.#held.filter((one) => one !== held)
    try {
      const { conversation } = await command('inbox_undo', { action })
      if (conversation === null) {
        toasts.show({ text: t('inbox.nothingToUndo') })
        return
      }
      if (navigation.conversation !== conversation) navigation.open(conversation)
      if (held) {
        navigation.focusComposer()
        this.restoring = { conversation, quoted: held.quoted }
      } else toasts.show({ text: t('inbox.undone') })
    } catch (thrown) {
      toasts.problem(CallError.from(thrown))
    }
  }
}

export const undo = new Undo()
