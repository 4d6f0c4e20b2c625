import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationView, MessagePage, MessageView } from '@/api/generated'
import { setHost } from '@/host/host'
import { followOpening } from './opening.svelte'

let release: (() => void)[] = []
const asked: string[] = []

setHost({
  isDesktop: false,
  call: (name, args) => {
    const { conversation } = args as { conversation: number }
    asked.push(`${name} ${conversation}`)
    const page: MessagePage = { messages: [{ id: conversation * 10 } as MessageView], hasOlder: false, hasNewer: false }
    return new Promise((answer) => release.push(() => answer(page)))
  },
  onChanges: () => () => undefined,
  mediaUrl: () => '',
})

const viewOf = (id: number) => ({ id }) as ConversationView

/** The messages that are on their way come in. */
async function answer() {
  for (const one of release.splice(0)) one()
  await vi.advanceTimersByTimeAsync(0)
  flushSync()
}

describe('opening a conversation', () => {
  let at = $state<number | null>(1)
  let view = $state.raw<ConversationView | undefined>()
  let showing: ReturnType<typeof followOpening>
  let stop: () => void

  beforeEach(async () => {
    vi.useFakeTimers()
    ;[at, view, release] = [1, viewOf(1), []]
    stop = $effect.root(() => {
      showing = followOpening(() => at, () => view, () => null)
    })
    flushSync()
    await answer()
  })
  afterEach(() => {
    stop()
    vi.useRealTimers()
  })

  it('leaves the one before on the screen until head and messages are here', async () => {
    expect(showing.shown?.view.id).toBe(1)
    ;[at, view] = [2, undefined]
    flushSync()
    expect(asked.at(-1)).toBe('conversation_messages 2')
    expect(showing.shown?.view.id).toBe(1)
    view = viewOf(2)
    flushSync()
    expect(showing.shown?.view.id).toBe(1)
    await answer()
    expect(showing.shown?.view.id).toBe(2)
    expect(showing.shown?.messages.list.map((one) => one.id)).toEqual([20])
  })

  it('shows what is here when it takes longer than a person should wait', async () => {
    ;[at, view] = [2, undefined]
    flushSync()
    await vi.advanceTimersByTimeAsync(99)
    flushSync()
    expect(showing.shown?.view.id).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    flushSync()
    expect([showing.shown, showing.isOverdue]).toEqual([null, true])
    view = viewOf(2)
    flushSync()
    expect(showing.shown?.view.id).toBe(2)
    expect(showing.shown?.messages.isLoading).toBe(true)
  })

  it('follows a view that changes, and closes at once', async () => {
    view = { ...viewOf(1), unreadCount: 3 }
    flushSync()
    expect(showing.shown?.view.unreadCount).toBe(3)
    at = null
    flushSync()
    expect(showing.shown).toBeNull()
  })
})
