import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationView, SendKey } from '@/api/generated'
import { toasts } from '@/design/toasts.svelte'
import { setHost } from '@/host/host'
import Composer from './Composer.svelte'
import { forgetDrafts } from './draft.svelte'

const HOUR = 3_600_000
const open = { kind: 'open', closesAt: null }
const onsendkey = vi.fn<(key: SendKey, isChosen: boolean) => Promise<boolean>>()
const call = vi.fn<(name: string) => Promise<unknown>>()

function show(composer: object, more: object = {}) {
  const view = {
    id: 1, title: 'Mara', contact: null, composer, draftBody: 'Hello', draftFiles: [], maxText: 2000, textUnit: 'chars', maxImageBytes: 0, maxFileBytes: 0,
  } as unknown as ConversationView
  const callbacks = { onfocused: vi.fn(), onrestored: vi.fn(), onsent: vi.fn(), ontakeback: vi.fn(), onleave: vi.fn(), onsignin: vi.fn() }
  return render(Composer, { view, offlineSince: null, sendKey: null, onsendkey, isFocusWanted: false, canTakeBack: false, restoring: null, ...callbacks, ...more })
}
const question = () => screen.queryByTestId('send-key-question')
const press = (keys: object) => fireEvent.keyDown(screen.getByTestId('composer-input'), { key: 'Enter', ...keys })

beforeEach(() => {
  onsendkey.mockReset().mockResolvedValue(true)
  call.mockReset().mockResolvedValue({})
  setHost({ isDesktop: false, mediaUrl: () => '', onChanges: () => () => undefined, call })
  for (const toast of toasts.list) toasts.dismiss(toast.id)
})
afterEach(() => {
  cleanup()
  forgetDrafts()
})

describe('what sends is asked', () => {
  it.each([
    ['where no window closes', open, {}, true],
    ['while the window is open', { kind: 'open', closesAt: Date.now() + HOUR }, {}, true],
    ['once it has closed', { kind: 'open', closesAt: Date.now() - HOUR }, {}, false],
    ['of whoever cannot write', { kind: 'read_only' }, {}, false],
    ['in the sandbox', open, { onsendkey: null }, false],
    ['after an answer', open, { sendKey: 'ctrl_enter' }, false],
  ])('%s: %#', (_, composer, more, isAsked) => {
    show(composer, more)
    expect(question() !== null).toBe(isAsked)
  })

  it('once more if the answer could not be stored', async () => {
    show(open)
    let refuse = (_: boolean) => {}
    onsendkey.mockReturnValue(new Promise((resolve) => (refuse = resolve)))
    await fireEvent.click(screen.getByTestId('send-key-enter'))
    expect(onsendkey).toHaveBeenCalledExactlyOnceWith('enter', true)
    expect(question()).toBeNull()
    expect(document.activeElement).toBe(screen.getByTestId('composer-input'))
    refuse(false)
    await vi.waitFor(() => expect(question()).not.toBeNull())
  })

  it('no longer once Ctrl and Enter has sent a reply; any other way of sending is no answer', async () => {
    show(open)
    await press({})
    expect(call).not.toHaveBeenCalledWith('inbox_act', expect.anything())
    await press({ ctrlKey: true })
    expect(onsendkey).toHaveBeenCalledExactlyOnceWith('ctrl_enter', false)
    await vi.waitFor(() => expect(call).toHaveBeenCalledWith('inbox_act', expect.anything()))
    expect(question()).toBeNull()
  })
})

it('a reply that the disk does not take says so, and the reason only where it is not said above', async () => {
  toasts.saidAbove = 'disk_failed'
  call.mockRejectedValue({ code: 'disk_failed', problem: null, login: null })
  show(open)
  await fireEvent.click(screen.getByTestId('composer-send'))
  await vi.waitFor(() => expect(toasts.list.map((toast) => toasts.words(toast))).toContain('Your reply was not sent. The reason stands at the top.'))
  toasts.saidAbove = null
})
