import { cleanup, render, screen } from '@testing-library/svelte'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { AccountRow, LoginStepView, PlatformFacts } from '@/api/generated'
import { setHost } from '@/host/host'
import { Connecting } from './connecting.svelte'
import ProtectStep from './ProtectStep.svelte'

const PLATFORMS: PlatformFacts[] = [
  { id: 'matrix', name: 'Matrix', colour: '#000000', logoSvg: '', loginMethods: ['password'] },
  { id: 'messenger', name: 'Messenger', colour: '#000000', logoSvg: '', loginMethods: ['own_app', 'token'] },
]
const ACCOUNT = { id: 'a1', platform: 'messenger', name: 'Café' } as AccountRow
const FIELDS: LoginStepView = { kind: 'fields', fields: [{ name: 'user', kind: 'text', value: '', isOptional: false }] }
const DONE: LoginStepView = { kind: 'done', accounts: ['a1'] }

type Answer = unknown | ((args: never) => unknown)
let calls: { name: string; args: unknown }[] = []
let answers: Record<string, Answer> = {}
const names = () => calls.map((call) => call.name)
const settled = () => new Promise((done) => setTimeout(done, 0))

beforeEach(() => {
  calls = []
  answers = {
    profile_prepare: { isReady: true, problem: null },
    login_start: { flow: 'f1', step: FIELDS },
    login_cancel: {},
    link_open: {},
    accounts_list: [ACCOUNT],
  }
  setHost({
    isDesktop: false,
    mediaUrl: () => '',
    onChanges: () => () => undefined,
    async call(name, args) {
      calls.push({ name, args })
      const answer = answers[name]
      return await (typeof answer === 'function' ? (answer as (args: unknown) => unknown)(args) : answer)
    },
  })
})

function connecting(more: { again?: AccountRow; isSandbox?: boolean } = {}) {
  const [ondone, onlocked] = [vi.fn(), vi.fn()]
  const one = new Connecting({ platforms: PLATFORMS, again: more.again ?? null, isSandbox: more.isSandbox ?? false, ondone, onlocked })
  return { ondone, onlocked, one }
}

describe('connecting an account', () => {
  test('a platform with one way to sign in asks for its fields at once', async () => {
    const { one, ondone } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    expect(names()).toEqual(['profile_prepare', 'login_start'])
    expect(one.stage).toMatchObject({ at: 'step', step: { kind: 'fields' } })
    answers.login_next = { flow: 'f1', step: DONE }
    one.answer({ kind: 'fields', values: { user: 'mara' } })
    await settled()
    expect(ondone).toHaveBeenCalledExactlyOnceWith(['Café'], false)
  })

  test('without a keychain nothing is begun before the person says how to keep', async () => {
    answers.profile_prepare = { isReady: false, problem: 'keychain_missing' }
    answers.profile_protect = { state: 'open', problem: null, trouble: null, restorable: null, folder: null, platformsAheadMs: 0, isClockWrong: false }
    const { one } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    expect(one.stage.at).toBe('protect')
    expect(names()).not.toContain('login_start')
    one.protect('a long passphrase')
    await settled()
    expect(names()).toEqual(['profile_prepare', 'profile_protect', 'login_start'])
  })

  test('a keychain that is only locked is said so, and asked again when it is unlocked', async () => {
    answers.profile_prepare = { isReady: false, problem: 'keychain_locked' }
    const { one } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    expect(one.stage).toEqual({ at: 'protect', problem: 'keychain_locked' })
    one.prepareAgain()
    await settled()
    expect(one.stage).toEqual({ at: 'protect', problem: 'keychain_locked' })
    answers.profile_prepare = { isReady: true, problem: null }
    one.prepareAgain()
    await settled()
    expect(names()).toEqual(['profile_prepare', 'profile_prepare', 'profile_prepare', 'login_start'])
    expect(one.stage.at).toBe('step')
  })

  test.each([['keychain_locked', true], ['keychain_missing', false]] as const)('at %s, trying again is offered: %s', async (problem, isOffered) => {
    const { one } = connecting()
    const again = vi.spyOn(one, 'prepareAgain').mockReturnValue()
    render(ProtectStep, { connecting: one, problem })
    const button = screen.queryByRole('button', { name: 'Try again' })
    expect(button !== null).toBe(isOffered)
    expect(document.body.textContent).toContain(isOffered ? 'Unlock it, then try again' : 'no keychain that Kontor could use')
    button?.click()
    expect(again).toHaveBeenCalledTimes(isOffered ? 1 : 0)
    cleanup()
  })

  test('a profile that cannot be made is a sentence, not a question', async () => {
    answers.profile_prepare = () => Promise.reject({ code: 'profile', problem: 'disk_full', login: null })
    answers.profile_status = { state: 'empty', problem: null, trouble: null, restorable: null, folder: null, platformsAheadMs: 0, isClockWrong: false }
    const { one } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    expect(one.stage.at).toBe('platform')
    expect(one.failure?.problem).toBe('disk_full')
  })

  test('signing in again takes the best way and leaves the profile alone', async () => {
    const { one } = connecting({ again: ACCOUNT })
    await settled()
    expect(calls).toEqual([{ name: 'login_start', args: { platform: 'messenger', method: 'own_app', again: 'a1' } }])
    expect(one.canGoBack).toBe(true)
    one.back()
    expect(one.stage.at).toBe('method')
    expect(one.canGoBack).toBe(false)
  })

  test('the sandbox is left only when the person says so', async () => {
    const { one } = connecting({ isSandbox: true })
    expect(one.stage.at).toBe('leave')
    expect(calls).toEqual([])
    one.leaveSandbox()
    await settled()
    expect(names()).toEqual(['profile_prepare'])
    expect(one.stage.at).toBe('platform')
  })

  test('a locked profile behind the sandbox gives way to its own question', async () => {
    answers.profile_prepare = () => Promise.reject({ code: 'profile', problem: null, login: null })
    answers.profile_status = { state: 'passphrase_needed', problem: null, trouble: null, restorable: null, folder: null, platformsAheadMs: 0, isClockWrong: false }
    const { one, onlocked } = connecting({ isSandbox: true })
    one.leaveSandbox()
    await settled()
    expect(onlocked).toHaveBeenCalledOnce()
    expect(one.failure).toBeNull()
  })

  test('a paste leads on while the redirect is awaited, and the wait that it ends says nothing', async () => {
    answers.login_next = { flow: 'f1', step: { kind: 'browse', url: 'https://example.org', isListening: true } }
    let giveUp = () => {}
    answers.login_wait = () => new Promise((_, reject) => (giveUp = () => reject({ code: 'login', problem: null, login: 'timed_out' })))
    const { one, ondone } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    one.answer({ kind: 'fields', values: {} })
    await settled()
    expect(names()).toEqual(expect.arrayContaining(['link_open', 'login_wait']))
    answers.login_next = () => (giveUp(), { flow: 'f1', step: DONE })
    one.answer({ kind: 'pasted', text: 'https://example.org/?code=1' })
    await settled()
    expect(one.failure).toBeNull()
    expect(ondone).toHaveBeenCalledOnce()
  })

  test('what comes back after the dialog is closed is cancelled and shown nowhere', async () => {
    let answer = (_: unknown) => {}
    answers.login_start = () => new Promise((resolve) => (answer = resolve))
    const { one } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    one.end()
    answer({ flow: 'late', step: FIELDS })
    await settled()
    expect(calls.at(-1)).toEqual({ name: 'login_cancel', args: { flow: 'late' } })
    expect(one.stage.at).toBe('platform')
  })

  test('a refused step can be answered again', async () => {
    const { one } = connecting()
    one.choosePlatform(PLATFORMS[0]!)
    await settled()
    answers.login_next = () => Promise.reject({ code: 'login', problem: null, login: 'wrong_password' })
    one.answer({ kind: 'fields', values: { user: 'mara' } })
    await settled()
    expect(one.failure?.login).toBe('wrong_password')
    expect(one.isBusy).toBe(false)
    expect(one.stage).toMatchObject({ at: 'step', flow: 'f1' })
  })

  test('what was typed stays while the step does, also a refused one, and goes with it', async () => {
    const toFields = async () => {
      const given = connecting()
      given.one.choosePlatform(PLATFORMS[0]!)
      await settled()
      expect(given.one.typed).toEqual({ user: '' })
      given.one.typed.user = 'mara'
      return given
    }
    const refused = await toFields()
    answers.login_next = () => Promise.reject({ code: 'login', problem: null, login: 'wrong_password' })
    refused.one.answer({ kind: 'fields', values: { user: 'mara' } })
    await settled()
    expect(refused.one.typed).toEqual({ user: 'mara' })
    refused.one.end()
    expect(refused.one.typed).toEqual({})

    const led = await toFields()
    answers.login_next = { flow: 'f1', step: { kind: 'choose', choices: [{ id: 'p1', name: 'Café', isPossible: true, reason: null }, { id: 'p2', name: 'Bar', isPossible: false, reason: null }] } }
    led.one.answer({ kind: 'fields', values: { user: 'mara' } })
    await settled()
    expect(led.one.typed).toEqual({})
    expect([...led.one.ticked]).toEqual(['p1'])

    const done = await toFields()
    answers.login_next = { flow: 'f1', step: DONE }
    done.one.answer({ kind: 'fields', values: { user: 'mara' } })
    await settled()
    expect(done.ondone).toHaveBeenCalledOnce()
    expect(done.one.typed).toEqual({})

    const back = await toFields()
    back.one.back()
    expect(back.one.typed).toEqual({})
  })
})
