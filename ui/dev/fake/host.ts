import type { Applied, Calls, ErrorCode, Intent, Jump } from '../../src/api/generated'
import type { ChangeListener, Host } from '../../src/host/host'
import { signIns } from './sign_in'
import { conversationView, inboxList, messagePage } from './views'
import { makeWorld, type Talk, type World } from './world'

type Args<N extends keyof Calls> = Calls[N]['arguments']
const refuse = (code: ErrorCode): never => {
  throw { code, problem: null, login: null }
}

/** The core, invented: for pictures and component tests only. `?rows=` sets how many conversations there are. */
export function fakeHost(world: World = makeWorld(Number(new URLSearchParams(location.search).get('rows') ?? 420))): Host & { world: World; emit: (...topics: string[]) => void } {
  const listeners = new Set<ChangeListener>()
  let seq = 0
  const emit = (...topics: string[]) => {
    seq++
    for (const listener of listeners) listener({ seq, topics })
  }
  const given = new URLSearchParams(location.search)
  Object.assign(world.profile, { state: given.get('profile') ?? 'open', problem: given.get('problem'), trouble: given.get('trouble') })
  const undos: { id: string; conversation: number; run: () => void }[] = []
  const talkOf = (id: number): Talk => world.talks.find((talk) => talk.id === id) ?? refuse('gone')
  const parameters = new URLSearchParams(location.search)
  const forced = parameters.get('fail')
  let jump = parameters.get('jump')
  let target: Jump | null = null
  const jumpTo = (jump: Jump) => {
    target = jump
    emit('jump')
  }

  const act = (intent: Intent): Applied => {
    const id = `act${undos.length}`
    const nothing: Applied = { action: null, messages: [], heldUntil: null }
    switch (intent.kind) {
      case 'mark_read':
      case 'see':
      case 'mark_unread': {
        const talk = talkOf(intent.conversation)
        const old = { unread: talk.unread, isMarkedUnread: talk.isMarkedUnread }
        Object.assign(talk, { unread: 0, isMarkedUnread: intent.kind === 'mark_unread' })
        undos.push({ id, conversation: talk.id, run: () => Object.assign(talk, old) })
        emit('inbox', `conversation:${talk.id}`)
        return { ...nothing, action: id }
      }
      case 'reply': {
        const talk = talkOf(intent.conversation)
        const message = world.nextMessage++
        const heldUntil = Date.now() + world.settings.undoSendSeconds * 1000
        const quoted = talk.messages.find((one) => one.id === intent.replyTo)
        talk.messages.push({
          id: message, key: { at: Date.now(), order: 0, id: message }, direction: 'out', author: null, kind: 'plain', sentAt: Date.now(), body: intent.body,
          quote: quoted ? { message: quoted.id, author: quoted.author?.name ?? null, direction: quoted.direction, excerpt: quoted.body.slice(0, 120) } : null,
          editedAt: null, isDeleted: false, delivery: { state: 'held', heldUntil, reason: null }, attachments: [], reactions: [],
        })
        Object.assign(talk, { draftBody: '', draftFiles: [] })
        const step = (state: 'queued' | 'sent', afterMs: number) => setTimeout(() => {
          const mine = talk.messages.find((one) => one.id === message)
          if (mine) mine.delivery = { state, heldUntil: null, reason: null }
          emit('inbox', `conversation:${talk.id}`)
        }, afterMs)
        const timers = [step('queued', heldUntil - Date.now()), step('sent', heldUntil - Date.now() + 900)]
        undos.push({ id, conversation: talk.id, run: () => {
          timers.forEach(clearTimeout)
          talk.messages = talk.messages.filter((one) => one.id !== message)
          Object.assign(talk, { draftBody: intent.body, draftFiles: intent.files })
        } })
        emit('inbox', `conversation:${talk.id}`)
        return { action: id, messages: [message], heldUntil }
      }
      case 'retry':
      case 'discard': {
        const talk = world.talks.find((one) => one.messages.some((each) => each.id === intent.message)) ?? refuse('gone')
        if (intent.kind === 'discard') talk.messages = talk.messages.filter((one) => one.id !== intent.message)
        else talk.messages.find((one) => one.id === intent.message)!.delivery = { state: 'queued', heldUntil: null, reason: null }
        emit('inbox', `conversation:${talk.id}`)
        return { ...nothing, action: id }
      }
    }
  }

  let upload = { name: '', mime: '', sizeBytes: 0 }
  const calls: { [N in keyof Calls]?: (args: Args<N>) => Calls[N]['answer'] | Promise<never> } = {
    ...signIns(world, emit),
    profile_status: () => world.profile,
    about: () => ({ version: '0.1.0', system: 'linux', platforms: world.platforms }),
    settings_get: () => ({
      ...world.settings,
      ...Object.fromEntries([...parameters].filter(([key]) => key === 'theme' || key === 'language' || key === 'density' || key === 'sendKey')),
    }),
    settings_set: (next) => {
      world.settings = next
      emit('settings')
      return next
    },
    jump_take: () => {
      const first: Jump | null = jump === null ? null : { kind: 'conversation', conversation: Number(jump), message: talkOf(Number(jump)).messages[2]?.id ?? null }
      const next = { jump: target ?? first }
      jump = target = null
      return next
    },
    attention_set: () => ({}),
    link_open: () => ({}),
    sandbox_practice: () => [],
    accounts_list: () => world.accounts.map((account) => ({
      ...account, unreadCount: world.talks.filter((talk) => talk.account === account).filter((talk) => talk.unread > 0 || talk.isMarkedUnread).length,
    })),
    inbox_list: (query) => inboxList(world, query),
    inbox_counts: () => {
      const size = (view: 'unread' | 'waiting' | 'ends_soon' | 'undelivered') =>
        inboxList(world, { view, account: null, after: null, until: null, limit: 1e6 }).rows.length
      return { unread: size('unread'), waiting: size('waiting'), endsSoon: size('ends_soon'), undelivered: size('undelivered') }
    },
    inbox_act: act,
    inbox_undo: ({ action }) => {
      const index = action === null ? undos.length - 1 : undos.findIndex((one) => one.id === action)
      const [undo] = index < 0 ? [] : undos.splice(index, 1)
      undo?.run()
      if (undo) emit('inbox', `conversation:${undo.conversation}`)
      return { conversation: undo?.conversation ?? null }
    },
    conversation_open: ({ conversation }) => conversationView(world, talkOf(conversation)),
    conversation_messages: (query) => messagePage(talkOf(query.conversation), query),
    conversation_history: ({ conversation }) => {
      const talk = talkOf(conversation)
      talk.hasMoreHistory = false
      emit(`conversation:${conversation}`)
      return {}
    },
    draft_save: ({ conversation, body, files }) => {
      Object.assign(talkOf(conversation), { draftBody: body, draftFiles: files })
      emit('inbox', `conversation:${conversation}`)
      return {}
    },
    file_begin: (file) => {
      if (file.sizeBytes > 8_000_000) refuse('file_refused')
      upload = file
      return { upload: 'u1' }
    },
    file_append: () => ({ upload: 'u1' }),
    file_finish: () => ({ media: `pic${upload.sizeBytes}`, name: upload.name, mime: upload.mime, sizeBytes: upload.sizeBytes }),
    attachment_save: () => ({ fileName: 'Invoice R-2291.pdf' }),
    sandbox_leave: () => ((world.profile = { state: 'empty', problem: null, trouble: null, restorable: null, mayBeginAnew: false, folder: null, platformsAheadMs: 0, isClockWrong: false }), emit('profile'), world.profile),
    sandbox_enter: () => ((world.profile = { state: 'sandbox', problem: null, trouble: null, restorable: null, mayBeginAnew: false, folder: null, platformsAheadMs: 0, isClockWrong: false }), emit('profile'), world.profile),
  }

  Object.assign(globalThis, { fake: { world, emit, jumpTo } })
  return {
    world,
    emit,
    isDesktop: false,
    async call(name, args) {
      await new Promise((done) => setTimeout(done, 4))
      if (forced === name) refuse('internal')
      const answer = (calls as Record<string, ((args: unknown) => unknown) | undefined>)[name]
      return structuredClone(answer ? await answer(args) : refuse('bad_call'))
    },
    onChanges(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mediaUrl: (media) => `/media/${media}.svg`,
  }
}
