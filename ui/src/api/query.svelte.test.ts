import { flushSync } from 'svelte'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change, ChangeListener } from '@/host/host'
import { setHost } from '@/host/host'
import { followChanges } from './changes'
import { CallError } from './error'
import { askAhead, command, forgetAnswers, forgetProfile, query, topicsOf, type Live } from './query.svelte'

const call = vi.fn<(name: string, args: unknown) => Promise<unknown>>()
const told = vi.fn<(name: string, args: unknown) => unknown>()
let listener: ChangeListener = () => undefined
let seq = 0

setHost({
  isDesktop: false,
  call,
  told,
  onChanges: (given) => {
    listener = given
    return () => undefined
  },
  mediaUrl: () => '',
})
followChanges()

const frame = () => new Promise((done) => setTimeout(done, 60))
async function announce(...topics: string[]) {
  listener({ seq: ++seq, topics } satisfies Change)
  await frame()
}

/** Runs as in a component, until stopped. */
function watch<T>(make: () => Live<T>) {
  let live!: Live<T>
  const stop = $effect.root(() => {
    live = make()
  })
  flushSync()
  return { live, stop }
}

beforeEach(() => {
  forgetAnswers()
  call.mockReset()
  told.mockReset()
})

describe('a query', () => {
  it('asks once for the same question, however many look', async () => {
    call.mockResolvedValue({ unread: 1 })
    const [a, b] = [watch(() => query('inbox_counts', () => ({}))), watch(() => query('inbox_counts', () => ({})))]
    await frame()
    expect(call).toHaveBeenCalledOnce()
    expect(a.live.data).toEqual(b.live.data)
    a.stop()
    b.stop()
  })

  it('is answered by what came with the page, and asks when that is no longer true', async () => {
    call.mockResolvedValue({ unread: 4 })
    told.mockReturnValueOnce({ unread: 3 })
    askAhead('inbox_counts', {})
    const { live, stop } = watch(() => query('inbox_counts', () => ({})))
    expect(live.data).toEqual({ unread: 3 })
    await frame()
    expect(call).not.toHaveBeenCalled()
    await announce('inbox')
    expect(live.data).toEqual({ unread: 4 })
    stop()
  })

  it('is answered at once by what was asked ahead, and asks again if that failed', async () => {
    call.mockResolvedValue({ unread: 3 })
    askAhead('inbox_counts', {})
    await frame()
    const { live, stop } = watch(() => query('inbox_counts', () => ({})))
    expect(live.data).toEqual({ unread: 3 })
    expect(call).toHaveBeenCalledOnce()
    stop()

    call.mockRejectedValueOnce({ code: 'unreachable', problem: null, login: null })
    askAhead('settings_get', {})
    await frame()
    call.mockResolvedValueOnce({ theme: 'dark' })
    const later = watch(() => query('settings_get', () => ({})))
    await frame()
    expect(later.live.data).toEqual({ theme: 'dark' })
    expect(later.live.error).toBeUndefined()
    later.stop()
  })

  it('asks again when a topic of its own is named, and keeps the old answer meanwhile', async () => {
    call.mockResolvedValueOnce({ unread: 1 })
    const { live, stop } = watch(() => query('inbox_counts', () => ({})))
    await frame()
    let answer!: (value: unknown) => void
    call.mockReturnValueOnce(new Promise((done) => (answer = done)))
    await announce('inbox')
    expect(live.data).toMatchObject({ unread: 1 })
    expect(live.isLoading).toBe(true)
    answer({ unread: 2 })
    await frame()
    expect(live.data).toMatchObject({ unread: 2 })
    stop()
  })

  it('leaves a foreign topic alone, and another conversation too', async () => {
    call.mockResolvedValue({ id: 7 })
    const { stop } = watch(() => query('conversation_open', () => ({ conversation: 7 })))
    await frame()
    await announce('settings', 'conversation:8')
    expect(call).toHaveBeenCalledOnce()
    await announce('conversation:7')
    expect(call).toHaveBeenCalledTimes(2)
    stop()
  })

  it('many changes in one frame are one question', async () => {
    call.mockResolvedValue({ unread: 1 })
    const { stop } = watch(() => query('inbox_counts', () => ({})))
    await frame()
    for (let n = 0; n < 20; n++) listener({ seq: ++seq, topics: ['inbox'] })
    await frame()
    expect(call).toHaveBeenCalledTimes(2)
    stop()
  })

  it('a gap in the numbers makes everything live stale', async () => {
    call.mockResolvedValue([])
    await announce('profile')
    const { stop } = watch(() => query('accounts_list', () => ({})))
    await frame()
    seq += 5
    await announce('profile')
    expect(call).toHaveBeenCalledTimes(2)
    stop()
  })

  it('what changes while an answer is on its way is asked once more', async () => {
    let answer!: (value: unknown) => void
    call.mockReturnValueOnce(new Promise((done) => (answer = done)))
    const { live, stop } = watch(() => query('inbox_counts', () => ({})))
    await announce('inbox')
    await announce('inbox')
    expect(call).toHaveBeenCalledOnce()
    call.mockResolvedValueOnce({ unread: 9 })
    answer({ unread: 1 })
    await frame()
    expect(call).toHaveBeenCalledTimes(2)
    expect(live.data).toMatchObject({ unread: 9 })
    stop()
  })

  it('nobody looks: nothing is asked, but the next look asks', async () => {
    call.mockResolvedValue({ unread: 1 })
    watch(() => query('inbox_counts', () => ({}))).stop()
    await frame()
    await announce('inbox')
    expect(call).toHaveBeenCalledOnce()
    const again = watch(() => query('inbox_counts', () => ({})))
    expect(again.live.data).toMatchObject({ unread: 1 })
    await frame()
    expect(call).toHaveBeenCalledTimes(2)
    again.stop()
  })

  it('of another profile shows nothing of the last one, not even what is still on its way', async () => {
    call.mockResolvedValue({ theme: 'dark' })
    const { live, stop } = watch(() => query('settings_get', () => ({})))
    watch(() => query('accounts_list', () => ({}))).stop()
    await frame()
    let late!: (value: unknown) => void
    call.mockReturnValueOnce(new Promise((done) => (late = done)))
    live.refetch()
    forgetProfile()
    expect(live.data).toBeUndefined()
    expect(live.isLoading).toBe(true)
    const again = watch(() => query('accounts_list', () => ({})))
    expect(again.live.data).toBeUndefined()
    call.mockResolvedValue({ theme: 'light' })
    late({ theme: 'dark' })
    await Promise.resolve()
    expect(live.data).toBeUndefined()
    await frame()
    expect(live.data).toEqual({ theme: 'light' })
    expect(live.isLoading).toBe(false)
    stop()
    again.stop()
  })

  it('how the profile is and what is true of any stays over another one', async () => {
    call.mockResolvedValue({ version: '1' })
    const { live, stop } = watch(() => query('about', () => ({})))
    await frame()
    forgetProfile()
    expect(live.data).toEqual({ version: '1' })
    stop()
  })

  it('null asks nothing', async () => {
    const { live, stop } = watch(() => query('inbox_counts', () => null))
    await frame()
    expect(call).not.toHaveBeenCalled()
    expect(live.data).toBeUndefined()
    stop()
  })
})

it('a refused command has the code of the core, a silent core has ours', async () => {
  call.mockRejectedValueOnce({ code: 'too_long', problem: null, login: null })
  await expect(command('account_sync', { account: 'a' })).rejects.toMatchObject({ code: 'too_long' })
  call.mockRejectedValueOnce(new TypeError('fetch failed'))
  await expect(command('account_sync', { account: 'a' })).rejects.toEqual(new CallError('offline'))
})

it('the topic of a conversation is the one in the arguments', () => {
  expect(topicsOf('conversation_messages', { conversation: 3 })).toContain('conversation:3')
})
