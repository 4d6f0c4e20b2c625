import type { AccountRow, Calls, LoginProblem, LoginView, ProfileProblem, ProfileStatus, SearchPage, SearchQuery } from '../../src/api/generated'
import { inboxRow } from './views'
import type { World } from './world'

type Args<N extends keyof Calls> = Calls[N]['arguments']
const failProfile = (problem: ProfileProblem): never => {
  throw { code: 'profile', problem, login: null }
}
const failLogin = (login: LoginProblem): never => {
  throw { code: 'login', problem: null, login }
}

/** Profiles, sign-ins and accounts of the invented core; `?keychain=no` has none, `?problem=` names one. */
export function signIns(world: World, emit: (...topics: string[]) => void) {
  const parameters = new URLSearchParams(location.search)
  let isProtected = parameters.get('keychain') !== 'no'
  let method = ''
  let flow = 0

  const open = (state: ProfileStatus['state']): ProfileStatus => {
    world.profile = { state, problem: null, trouble: null, restorable: null, mayBeginAnew: false, folder: null, platformsAheadMs: 0, isClockWrong: false }
    emit('profile')
    return world.profile
  }
  const connect = (account: AccountRow) => {
    world.accounts.push(account)
    emit('accounts', 'inbox')
  }
  const fields = (): LoginView => {
    const field = (name: string, kind: 'text' | 'secret' | 'url', isOptional = false) => ({ name, kind, value: '', isOptional })
    const list = method === 'password'
      ? [field('user', 'text'), field('password', 'secret'), field('server', 'url', true)]
      : method === 'own_app'
        ? [field('app_id', 'text'), field('app_secret', 'secret'), field('bounce', 'url', true)]
        : [field('token', 'secret'), field('app_secret', 'secret', true)]
    return { flow: `flow${++flow}`, step: { kind: 'fields', fields: list } }
  }
  const done = (): LoginView => {
    const id = `new${flow}`
    connect({
      id, platform: method === 'password' ? 'matrix' : 'messenger', name: 'Nordlicht Press', handle: '@press:nordlicht.coffee', status: { kind: 'importing' },
      verifiedAt: null, settings: { sendsReadReceipts: true, notifies: true }, signInEndsAt: null, signInWarnsFrom: null, unreadCount: 0, problemCount: 0,
    })
    return { flow: `flow${flow}`, step: { kind: 'done', accounts: [id] } }
  }
  const choose = (): LoginView => ({
    flow: `flow${flow}`,
    step: {
      kind: 'choose',
      choices: [
        { id: '1', name: 'Nordlicht Kaffeerösterei', isPossible: true, reason: null },
        { id: '2', name: 'Hafenkino', isPossible: true, reason: null },
        { id: '3', name: 'Atelier Weiß', isPossible: false, reason: 'no_messaging_task' },
      ],
    },
  })

  return {
    profile_prepare: () => {
      if (world.profile.state === 'sandbox') open('empty')
      if (!isProtected) return { isReady: false, problem: 'keychain_missing' as const }
      if (world.profile.state === 'empty') open('open')
      return { isReady: true, problem: null }
    },
    profile_protect: ({ passphrase }: Args<'profile_protect'>) => {
      if ([...passphrase].length < 8) failProfile('passphrase_too_short')
      isProtected = true
      return open('open')
    },
    profile_make_temporary: () => {
      isProtected = true
      return open('temporary')
    },
    profile_unlock: ({ passphrase }: Args<'profile_unlock'>) => (passphrase === 'correct horse' ? open('open') : failProfile('wrong_passphrase')),
    profile_try_again: () => world.profile,
    login_start: (start: Args<'login_start'>) => {
      method = start.method
      return fields()
    },
    login_next: ({ input }: Args<'login_next'>): LoginView => {
      if (input.kind === 'fields') {
        if (method === 'password' && input.values.password !== 'right') return failLogin('wrong_password')
        if (method === 'own_app') return { flow: `flow${flow}`, step: { kind: 'browse', url: 'https://www.facebook.com/dialog/oauth', isListening: input.values.bounce !== '' } }
        return method === 'token' ? choose() : done()
      }
      return input.kind === 'pasted' ? choose() : done()
    },
    login_wait: () => new Promise<never>(() => undefined),
    login_cancel: () => ({}),
    account_set: ({ account, settings }: Args<'account_set'>) => {
      Object.assign(world.accounts.find((one) => one.id === account)!, { settings })
      emit('accounts')
      return {}
    },
    account_sync: () => ({}),
    account_remove: ({ account }: Args<'account_remove'>) => {
      world.accounts = world.accounts.filter((one) => one.id !== account)
      world.talks = world.talks.filter((talk) => talk.account.id !== account)
      emit('accounts', 'inbox')
      return {}
    },
    licences: () =>
      ['bits-ui', 'i18next', 'rusqlite', 'rustls', 'serde', 'svelte', 'tauri', 'tokio', 'virtua', 'zbus'].flatMap((name) =>
        ['1.2.3', '2.0.0'].map((version) => ({ name, version, licence: name.length % 2 ? 'MIT OR Apache-2.0' : 'MIT' })),
      ),
    search: (query: SearchQuery) => search(world, query),
  }
}

function search(world: World, { text, before, limit }: SearchQuery): SearchPage {
  const wanted = text.toLowerCase()
  const all = world.talks
    .flatMap((talk) => talk.messages.map((message) => ({ talk, message, at: message.body.toLowerCase().indexOf(wanted) })))
    .filter((one) => one.at >= 0)
    .sort((a, b) => b.message.sentAt - a.message.sentAt)
  const start = before === null ? 0 : all.findIndex((one) => one.message.id === before) + 1
  const page = all.slice(start, start + limit)
  return {
    conversations: before === null
      ? world.talks.filter((talk) => talk.title.toLowerCase().includes(wanted)).slice(0, 5).map((talk) => inboxRow(talk, talk.messages.at(-1)!.sentAt))
      : [],
    hits: page.map(({ talk, message, at }) => {
      const from = Math.max(0, at - 40)
      const { body } = message
      return {
        conversation: talk.id, message: message.id, title: talk.title, avatar: null, platform: talk.account.platform, network: talk.network,
        direction: message.direction, sentAt: message.sentAt,
        snippet: [(from > 0 ? '…' : '') + body.slice(from, at), body.slice(at, at + wanted.length), body.slice(at + wanted.length, at + 160)],
      }
    }),
    hasMore: start + limit < all.length,
  }
}
