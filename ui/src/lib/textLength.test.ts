import { expect, it } from 'vitest'
import { fit, textLength } from './textLength'

it('counts as each platform does', () => {
  expect(textLength('Zoë 👋', 'characters')).toBe(5)
  expect(textLength('Zoë 👋', 'utf16')).toBe(6)
  expect(textLength('Zoë 👋', 'bytes')).toBe(9)
})

it('a family is seven scalar values, as the platforms count it', () => {
  expect(textLength('👨‍👩‍👧‍👦', 'characters')).toBe(7)
})

it('the count is shown from eighty per cent on', () => {
  expect(fit('x'.repeat(799), 'utf16', 1000).isShown).toBe(false)
  expect(fit('x'.repeat(800), 'utf16', 1000)).toEqual({ left: 200, isShown: true, isTooLong: false })
})

it('one too many is too long', () => {
  expect(fit('x'.repeat(1000), 'utf16', 1000).isTooLong).toBe(false)
  expect(fit('x'.repeat(999) + '👋', 'utf16', 1000).isTooLong).toBe(true)
})
