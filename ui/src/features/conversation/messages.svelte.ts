import { onStale } from '@/api/changes'
import type { CallError } from '@/api/error'
import type { ConversationId, MessageId, MessagePage, MessagesQuery, MessageView } from '@/api/generated'
import { ask, isStale, topicsOf } from '@/api/query.svelte'
import { append, prepend, replaceStretch, sameAgain, stretchOf, type Stretch } from './stretches'

const STEP = 60
const AROUND = 80

/** The messages of one conversation as far as they have been read back. */
export class Messages {
  list = $state.raw<readonly MessageView[]>([])
  /** Older ones are stored on this device. */
  hasOlder = $state(false)
  /** The newest are not loaded: a jump led into the past. */
  hasNewer = $state(false)
  isLoading = $state(true)
  isLoadingOlder = $state(false)
  error = $state.raw<CallError>()
  /** What it was started around last; null: from the newest. */
  around: MessageId | null = null
  /** Settled when the last start has come to its end. */
  started: Promise<void> = Promise.resolve()
  /** True for the moment in which older ones were put above: the place is kept from the end. */
  isGrowingUp = $state(false)

  #stretches: Stretch[] = []
  #isAsking = false
  /** Grows with every change: an answer to a question from before the last one may lack it. */
  #changes = 0
  #isStopped = false
  #stop: () => void

  constructor(readonly conversation: ConversationId) {
    const topics = topicsOf('conversation_messages', { conversation })
    this.#stop = onStale((stale) => {
      if (!isStale(topics, stale)) return
      this.#changes++
      void this.#refresh()
    })
  }

  stop() {
    this.#isStopped = true
    this.#stop()
  }

  /** From the newest, or around a message. */
  start(message: MessageId | null): Promise<void> {
    this.around = message
    return (this.started = this.#start(message))
  }

  async #start(message: MessageId | null): Promise<void> {
    this.isLoading = true
    const changes = this.#changes
    const page = await this.#page({ around: message, limit: message === null ? STEP : AROUND })
    // The message is gone: the newest, then.
    if (page && page.messages.length === 0 && message !== null) return this.#start(null)
    if (page) this.#show([stretchOf(page)])
    this.isLoading = false
    this.#catchUp(changes)
  }

  has(message: MessageId) {
    return this.list.some((one) => one.id === message)
  }

  async older() {
    const first = this.#stretches[0]
    if (!first?.from || this.isLoadingOlder) return
    this.isLoadingOlder = true
    const changes = this.#changes
    const page = await this.#page({ before: first.from, limit: STEP })
    if (page && this.#stretches[0]?.from === first.from) {
      this.isGrowingUp = true
      this.#show(prepend(this.#stretches, page))
    }
    this.isLoadingOlder = false
    this.#catchUp(changes)
  }

  async newer() {
    const last = this.#stretches.at(-1)
    const newest = this.list.at(-1)
    if (!last?.before || !newest || this.#isAsking) return
    this.#isAsking = true
    const changes = this.#changes
    const page = await this.#page({ around: newest.id, limit: 2 * STEP })
    this.#isAsking = false
    if (page && this.#stretches.at(-1)?.before === last.before) this.#show(append(this.#stretches, page))
    this.#catchUp(changes)
  }

  /** What changed while an answer was on its way is asked for once more. */
  #catchUp(changes: number) {
    if (changes !== this.#changes) void this.#refresh()
  }

  async #refresh() {
    if (this.#isStopped) return
    // Whoever is asking catches up afterwards, also with what is here only since its question.
    if (this.#isAsking) return void this.#changes++
    if (this.#stretches.length === 0) return this.isLoading ? undefined : this.start(null)
    this.#isAsking = true
    const changes = this.#changes
    // From the newest down: if one drops what lies above it, that is not asked any more.
    for (const stretch of this.#stretches.toReversed()) {
      const page = await this.#page(sameAgain(this.conversation, stretch))
      const index = this.#stretches.indexOf(stretch)
      if (page && index >= 0) this.#show(replaceStretch(this.#stretches, index, page))
    }
    this.#isAsking = false
    this.#catchUp(changes)
  }

  async #page(question: Partial<MessagesQuery>): Promise<MessagePage | undefined> {
    try {
      const page = await ask('conversation_messages', {
        conversation: this.conversation,
        before: null,
        from: null,
        around: null,
        limit: STEP,
        ...question,
      })
      this.error = undefined
      return this.#isStopped ? undefined : page
    } catch (thrown) {
      this.error = thrown as CallError
      return undefined
    }
  }

  #show(stretches: Stretch[]) {
    this.#stretches = stretches
    const seen = new Set<MessageId>()
    // A message whose time changed may be in two answers of different age.
    this.list = stretches.flatMap((stretch) => stretch.messages.filter((one) => !seen.has(one.id) && seen.add(one.id)))
    this.hasOlder = stretches[0]?.from != null
    this.hasNewer = stretches.at(-1)?.before != null
  }
}
