import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationView, MessageView } from '@/api/generated'
import { setHost } from '@/host/host'
import { draftOf, forgetDrafts } from './draft.svelte'

const call = vi.fn<(name: string, args: unknown) => Promise<unknown>>()
setHost({ isDesktop: false, call, onChanges: () => () => undefined, mediaUrl: () => '' })

const view = (id: number, draftBody = '') => ({ id, draftBody, draftFiles: [] }) as unknown as ConversationView
const calls = () => call.mock.calls.map(([name]) => name)

beforeEach(() => {
  vi.useFakeTimers()
  forgetDrafts()
  call.mockReset().mockResolvedValue({})
})

describe('a draft', () => {
  it('is saved within half a second of the last keystroke', async () => {
    const draft = draftOf(view(1))
    draft.body = 'Hello'
    draft.touch()
    await vi.advanceTimersByTimeAsync(500)
    expect(call).toHaveBeenCalledExactlyOnceWith('draft_save', { conversation: 1, body: 'Hello', files: [] })
  })

  it('is saved every second also while somebody writes without a pause', async () => {
    const draft = draftOf(view(1))
    const lags: number[] = []
    const typedAt = new Map<string, number>()
    call.mockImplementation((_, args) => {
      const { body } = args as { body: string }
      // How long the first letter after the last save has waited.
      const firstUnsaved = 'x'.repeat((saved ?? 0) + 1)
      lags.push(performance.now() - typedAt.get(firstUnsaved)!)
      saved = body.length
      return Promise.resolve({})
    })
    let saved: number | undefined
    for (let keys = 0; keys < 100; keys++) {
      draft.body += 'x'
      typedAt.set(draft.body, performance.now())
      draft.touch()
      await vi.advanceTimersByTimeAsync(90)
    }
    expect(lags.length).toBeGreaterThanOrEqual(9)
    expect(Math.max(...lags)).toBeLessThan(1000)
  })

  it('is saved at once when the person leaves, and never lands in another box', async () => {
    const first = draftOf(view(1))
    first.body = 'for one'
    first.touch()
    await first.flush()
    expect(call).toHaveBeenCalledWith('draft_save', { conversation: 1, body: 'for one', files: [] })
    expect(draftOf(view(2)).body).toBe('')
    // An answer from before the last keystroke does not take it back.
    expect(draftOf(view(1, 'old')).body).toBe('for one')
  })

  it('leaving without a change saves nothing', async () => {
    await draftOf(view(1, 'kept')).flush()
    expect(call).not.toHaveBeenCalled()
  })

  it('a save under way is over before the reply goes out, so that it cannot bring the draft back', async () => {
    let saved!: (value: unknown) => void
    call.mockReturnValueOnce(new Promise((done) => (saved = done)))
    const draft = draftOf(view(1))
    draft.body = 'Hello'
    draft.touch()
    await vi.advanceTimersByTimeAsync(500)
    const sent = draft.send()
    await vi.advanceTimersByTimeAsync(10)
    expect(calls()).toEqual(['draft_save'])
    saved({})
    await sent
    expect(calls()).toEqual(['draft_save', 'inbox_act'])
    expect(draft.body).toBe('')
  })

  it('is not lost when the reply is refused', async () => {
    call.mockImplementation((name) => (name === 'inbox_act' ? Promise.reject({ code: 'too_long', problem: null, login: null }) : Promise.resolve({})))
    const draft = draftOf(view(1))
    const problem = vi.fn()
    draft.onproblem = problem
    draft.body = 'Hello'
    expect(await draft.send()).toBeUndefined()
    expect(draft.body).toBe('Hello')
    expect(problem).toHaveBeenCalledOnce()
  })

  it('nothing is sent twice by a double press, and nothing empty', async () => {
    const draft = draftOf(view(1))
    expect(await draft.send()).toBeUndefined()
    draft.body = 'Hello'
    await Promise.all([draft.send(), draft.send()])
    expect(calls().filter((name) => name === 'inbox_act')).toHaveLength(1)
  })

  it('a reply that was taken back comes before what was begun since', async () => {
    const draft = draftOf(view(1))
    draft.body = 'And one more thing'
    call.mockResolvedValueOnce(view(1, 'Hello'))
    await draft.restore(null)
    expect(draft.body).toBe('Hello\n\nAnd one more thing')
  })

  it('keeps what it answers while somebody looks elsewhere, and gives it away with the reply', async () => {
    const question = { id: 7 } as MessageView
    draftOf(view(1)).quoted = question
    expect(draftOf(view(2)).quoted).toBeNull()
    const draft = draftOf(view(1))
    expect(draft.quoted).toBe(question)
    draft.body = 'Yes'
    expect(await draft.send()).toMatchObject({ quoted: question })
    expect(call).toHaveBeenCalledWith('inbox_act', expect.objectContaining({ replyTo: 7 }))
    expect(draft.quoted).toBeNull()
    call.mockResolvedValueOnce(view(1, 'Yes'))
    await draft.restore(question)
    expect(draft.quoted).toBe(question)
  })

  it('of another profile is neither saved nor sent, whatever was on its way', async () => {
    let saved!: (value: unknown) => void
    call.mockReturnValueOnce(new Promise((done) => (saved = done)))
    const draft = draftOf(view(1))
    draft.body = 'Invented'
    draft.touch()
    await vi.advanceTimersByTimeAsync(500)
    draft.body = 'Invented and more'
    draft.touch()
    void draft.flush()
    const sent = draft.send()
    forgetDrafts()
    saved({})
    draft.touch()
    await vi.advanceTimersByTimeAsync(1000)
    expect(await sent).toBeUndefined()
    expect(calls()).toEqual(['draft_save'])
    expect(draftOf(view(1)).body).toBe('')
  })

  it('that cannot be saved is said once, until one can', async () => {
    const draft = draftOf(view(1))
    const problem = vi.fn()
    draft.onproblem = problem
    const type = async () => {
      draft.body += 'x'
      draft.touch()
      await vi.advanceTimersByTimeAsync(500)
    }
    call.mockRejectedValue({ code: 'disk_full', problem: null, login: null })
    for (let key = 0; key < 3; key++) await type()
    expect(problem).toHaveBeenCalledOnce()
    call.mockResolvedValue({})
    await type()
    call.mockRejectedValue({ code: 'disk_full', problem: null, login: null })
    await type()
    expect(problem).toHaveBeenCalledTimes(2)
  })

  it('files go in pieces and in order', async () => {
    call.mockImplementation((name, args) => {
      if (name === 'file_finish') return Promise.resolve({ media: 'm', name: 'x', mime: 'image/png', sizeBytes: 1 })
      return Promise.resolve({ upload: (args as { name?: string }).name ?? 'u' })
    })
    vi.useRealTimers()
    const draft = draftOf(view(1))
    draft.add(new File([new Uint8Array(300 * 1024)], 'large.png', { type: 'image/png' }))
    draft.add(new File([new Uint8Array(10)], 'small.png', { type: 'image/png' }))
    await vi.waitFor(() => expect(draft.files).toHaveLength(2))
    expect(calls().filter((name) => name.startsWith('file_'))).toEqual([
      'file_begin', 'file_append', 'file_append', 'file_append', 'file_finish', 'file_begin', 'file_append', 'file_finish',
    ])
    const pieces = call.mock.calls.filter(([name]) => name === 'file_append').map(([, args]) => (args as { base64: string }).base64.length)
    expect(Math.max(...pieces)).toBeLessThanOrEqual(180 * 1024)
  })
})
