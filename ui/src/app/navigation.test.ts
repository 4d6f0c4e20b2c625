import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountRow } from '@/api/generated'
import { addLayer } from '@/design/layers'
import { navigation } from './navigation.svelte'

const shop = { id: 'a1', name: 'Shop' } as AccountRow

beforeEach(() => {
  navigation.endSignIn()
  navigation.reset()
})

describe('being led somewhere', () => {
  test('takes away whatever lies above, once', () => {
    const close = vi.fn()
    const remove = addLayer(close)
    navigation.jump(3, 7)
    remove()
    navigation.showAccount('a1')
    expect(close).toHaveBeenCalledOnce()
    expect(navigation.conversation).toBe(3)
  })

  test('does not make the next conversation take the keyboard, if it led nowhere', () => {
    navigation.jump(3, null)
    expect(navigation.isFocusWanted).toBe(true)
    navigation.close()
    expect(navigation.isFocusWanted).toBe(false)
    navigation.jump(3, null)
    navigation.open(4)
    expect(navigation.isFocusWanted).toBe(false)
  })
})

describe('a sign-in', () => {
  test('that was set aside goes on when it is asked for again, and gives way to another', () => {
    navigation.connect(shop)
    const begun = navigation.signIn
    navigation.setSignInAside()
    navigation.connect({ ...shop })
    expect(navigation.signIn).toBe(begun)
    expect(navigation.isSignInShown).toBe(true)
    navigation.setSignInAside()
    navigation.connect()
    expect(navigation.signIn).toEqual({ again: null })
  })

  test('stays over a change of the profile that it made itself, and not over another', () => {
    navigation.connect()
    navigation.reset()
    expect(navigation.signIn).not.toBeNull()
    navigation.setSignInAside()
    navigation.reset()
    expect(navigation.signIn).toBeNull()
  })
})
