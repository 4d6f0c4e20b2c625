import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Settings } from '@/api/generated'
import { forgetAnswers } from '@/api/query.svelte'
import { toasts } from '@/design/toasts.svelte'
import { setHost } from '@/host/host'
import SendingSection from './SendingSection.svelte'
import SettingsView from './SettingsView.svelte'

const settings = { sendKey: null, undoSendSeconds: 5, usesLetterKeys: true, theme: 'light', density: 'compact' } as Settings
afterEach(() => {
  cleanup()
  forgetAnswers()
})

it('the time to take back stays where it was put until it is stored, and goes back if that is refused', async () => {
  const onchange = vi.fn(() => Promise.resolve(true))
  const { rerender } = render(SendingSection, { settings, onchange })
  const slider = screen.getByRole('slider')
  for (const deed of [fireEvent.input, fireEvent.change]) await deed(slider, { target: { value: '9' } })
  expect(onchange).toHaveBeenCalledExactlyOnceWith({ undoSendSeconds: 9 })
  expect(document.body.textContent).toContain('9 seconds')
  await rerender({ settings: { ...settings, undoSendSeconds: 9 } })
  expect(document.body.textContent).toContain('9 seconds')
  onchange.mockResolvedValue(false)
  for (const deed of [fireEvent.input, fireEvent.change]) await deed(slider, { target: { value: '12' } })
  await vi.waitFor(() => expect(document.body.textContent).toContain('9 seconds'))
})

it('as long as nobody said what sends, Ctrl and Enter is shown', () => {
  render(SendingSection, { settings, onchange: vi.fn() })
  expect(screen.getByRole('radio', { checked: true }).textContent).toBe('Ctrl and Enter')
})

describe('a change', () => {
  let answers: { resolve: (stored: unknown) => void; reject: (error: unknown) => void; args: Settings }[] = []
  const refused = { code: 'disk_full', problem: null, login: null }
  const isChecked = (name: string) => screen.getByRole('radio', { name }).getAttribute('aria-checked') === 'true'

  beforeEach(async () => {
    answers = []
    for (const toast of toasts.list) toasts.dismiss(toast.id)
    setHost({
      isDesktop: false,
      mediaUrl: () => '',
      onChanges: () => () => undefined,
      call: (name, args) =>
        name === 'settings_get' ? Promise.resolve(settings) : new Promise((resolve, reject) => answers.push({ resolve, reject, args: args as Settings })),
    })
    const accounts = createRawSnippet(() => ({ render: () => '<p></p>' }))
    render(SettingsView, { place: { section: 'appearance' }, accounts, onsandbox: null })
    await screen.findByRole('radio', { name: 'Dark' })
  })

  it('is shown at once, and no longer if it is refused', async () => {
    await fireEvent.click(screen.getByRole('radio', { name: 'Dark' }))
    expect(isChecked('Dark')).toBe(true)
    await fireEvent.click(screen.getByRole('switch'))
    expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('false')
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    answers[0]!.reject(refused)
    await vi.waitFor(() => expect(isChecked('Light')).toBe(true))
    expect(isChecked('Dark')).toBe(false)
    expect(toasts.list.map((toast) => toasts.words(toast))).toEqual(['The disk is full. Nothing was changed.'])

    // The other one was on its way all the while, and carries nothing of what was refused.
    expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('false')
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    expect(answers[1]!.args).toEqual({ ...settings, usesLetterKeys: false })
    answers[1]!.reject(refused)
    await vi.waitFor(() => expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('true'))
  })

  it('that is refused does not take back a later one', async () => {
    await fireEvent.click(screen.getByRole('radio', { name: 'Comfortable' }))
    await fireEvent.click(screen.getByRole('radio', { name: 'Compact' }))
    await fireEvent.click(screen.getByRole('radio', { name: 'Comfortable' }))
    for (const index of [0, 1]) {
      await vi.waitFor(() => expect(answers).toHaveLength(index + 1))
      answers[index]!.reject(refused)
    }
    await vi.waitFor(() => expect(answers).toHaveLength(3))
    expect(isChecked('Comfortable')).toBe(true)
    answers[2]!.resolve({ ...settings, density: 'comfortable' })
    await vi.waitFor(() => expect(isChecked('Comfortable')).toBe(true))
  })
})
