import { cleanup, fireEvent, render, screen } from '@testing-library/svelte'
import { afterEach, expect, it, vi } from 'vitest'
import type { Settings } from '@/api/generated'
import SendingSection from './SendingSection.svelte'

const settings = { sendKey: 'ctrl_enter', undoSendSeconds: 5, usesLetterKeys: true } as Settings
afterEach(cleanup)

it('the time to take back stays where it was put until it is stored, and goes back if that is refused', async () => {
  const onchange = vi.fn()
  const { rerender } = render(SendingSection, { settings, onchange })
  const slider = screen.getByRole('slider')
  for (const deed of [fireEvent.input, fireEvent.change]) await deed(slider, { target: { value: '9' } })
  expect(onchange).toHaveBeenCalledExactlyOnceWith({ undoSendSeconds: 9 })
  expect(document.body.textContent).toContain('9 seconds')
  await rerender({ settings: { ...settings, undoSendSeconds: 9 } })
  expect(document.body.textContent).toContain('9 seconds')
  for (const deed of [fireEvent.input, fireEvent.change]) await deed(slider, { target: { value: '12' } })
  await rerender({ settings: { ...settings, undoSendSeconds: 9 } })
  expect(document.body.textContent).toContain('9 seconds')
})
