import type {
  AccountRow, AttachmentView, ComposerState, ConversationKind, DraftFile, MessageView, OutboxState, PlatformFacts, ProfileStatus, Settings,
} from '../../src/api/generated'
import { dice, type Dice } from './dice'
import { ANSWERS, GROUPS, NAMES, QUESTIONS } from './people'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export interface Talk {
  id: number
  account: AccountRow
  kind: ConversationKind
  title: string
  network: string | null
  messages: MessageView[]
  unread: number
  isMarkedUnread: boolean
  windowMs: number | null
  composer: ComposerState | null
  draftBody: string
  draftFiles: DraftFile[]
  hasMoreHistory: boolean
}

export interface World {
  profile: ProfileStatus
  settings: Settings
  accounts: AccountRow[]
  platforms: PlatformFacts[]
  talks: Talk[]
  nextMessage: number
}

const MATRIX = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#0dbd8b"/><path d="M9 8H7v16h2M23 8h2v16h-2M11 12v8M11 15c1-4 5-4 5 0v5M16 15c1-4 5-4 5 0v5" fill="none" stroke="#fff" stroke-width="2"/></svg>'
const INSTA = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#d62976"/><rect x="7" y="7" width="18" height="18" rx="5.500" fill="none" stroke="#fff" stroke-width="2.400"/><circle cx="16" cy="16" r="4.300" fill="none" stroke="#fff" stroke-width="2.400"/></svg>'
const MESS = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#0a7cff"/><path d="M7 19l6-6 4 4 8-5-7 8-4-4z" fill="#fff"/></svg>'

export const PLATFORMS: PlatformFacts[] = [
  { id: 'matrix', name: 'Matrix', colour: '#0dbd8b', logoSvg: MATRIX, loginMethods: ['password'] },
  { id: 'instagram', name: 'Instagram', colour: '#d62976', logoSvg: INSTA, loginMethods: ['own_app', 'token'] },
  { id: 'messenger', name: 'Messenger', colour: '#0a7cff', logoSvg: MESS, loginMethods: ['own_app', 'token'] },
]

function accounts(now: number): AccountRow[] {
  const row = (id: string, platform: string, name: string, handle: string, status: AccountRow['status']): AccountRow => ({
    id, platform, name, handle, status, verifiedAt: now - MINUTE, settings: { sendsReadReceipts: true, notifies: true }, signInEndsAt: null, signInWarnsFrom: null, unreadCount: 0, problemCount: 0,
  })
  return [
    row('a1', 'instagram', 'Nordlicht Coffee', '@nordlicht.coffee', { kind: 'live' }),
    row('a2', 'messenger', 'Nordlicht Kaffeerösterei', 'Nordlicht Kaffeerösterei', { kind: 'live' }),
    row('a3', 'matrix', 'Nordlicht support', '@support:nordlicht.coffee', { kind: 'importing' }),
    row('a4', 'instagram', 'Atelier Weiß', '@atelier.weiss', { kind: 'sign_in_again' }),
    row('a5', 'messenger', 'Hafenkino', 'Hafenkino', { kind: 'offline', since: now - 40 * MINUTE, barrier: null }),
  ]
}

function message(world: World, at: number, isOurs: boolean, author: string, authorId: number, body: string): MessageView {
  const id = world.nextMessage++
  return {
    id, key: { at, order: 0, id }, direction: isOurs ? 'out' : 'in',
    author: isOurs ? null : { id: authorId, name: author, avatar: null },
    kind: 'plain', sentAt: at, body, quote: null, editedAt: null, isDeleted: false, delivery: null, attachments: [], reactions: [],
  }
}

function picture(id: number, name: string, width: number, height: number): AttachmentView {
  return { id, kind: 'image', name, mime: 'image/jpeg', sizeBytes: 184_000, width, height, media: `pic${id}`, link: null }
}

function decorate(world: World, talk: Talk, roll: Dice) {
  const last = talk.messages.at(-1)!
  for (const one of talk.messages) {
    if (roll.chance(0.04)) one.attachments = [picture(one.id, 'hopper.jpg', roll.pick([640, 900, 480]), roll.pick([480, 600, 720]))]
    if (roll.chance(0.02)) one.attachments = [{ ...picture(one.id, 'Invoice R-2291.pdf', 0, 0), kind: 'file', mime: 'application/pdf', width: null, height: null }]
    if (roll.chance(0.04)) one.reactions = [{ key: '❤️', count: 1, isOurs: false, names: [talk.title] }]
    if (roll.chance(0.03)) one.editedAt = one.sentAt + MINUTE
    if (roll.chance(0.02)) Object.assign(one, { isDeleted: true, body: '', attachments: [] })
  }
  const states: OutboxState[] = ['failed', 'needs_person', 'unknown', 'queued']
  if (last.direction === 'out' && talk.id % 9 === 0) {
    const state = roll.pick(states)
    last.delivery = { state, heldUntil: null, reason: state === 'failed' ? 'recipient_unavailable' : state === 'needs_person' ? 'unconfirmed' : null }
  }
}

/** A conversation with one of everything, for pictures. */
function showcase(world: World, talk: Talk, now: number) {
  const say = (minutes: number, isOurs: boolean, body: string, more: Partial<MessageView> = {}) => {
    const one = Object.assign(message(world, now - minutes * MINUTE, isOurs, talk.title, 1, body), more)
    talk.messages.push(one)
    return one
  }
  talk.messages = []
  say(2900, false, 'Hi, I ordered the Mahlwerk grinder two weeks ago (order 48213). It arrived today, but look at this:')
  const broken = say(2899, false, '', { attachments: [picture(11, 'hopper.jpg', 900, 600)] })
  say(2890, true, 'Oh no, that should not happen. Could you also send me the number on the underside?', {
    quote: { message: broken.id, author: talk.title, direction: 'in', excerpt: 'Picture' },
    reactions: [{ key: '👍', count: 1, isOurs: false, names: [talk.title] }],
  })
  say(2880, false, 'NL-2207-118', { editedAt: now - 2879 * MINUTE })
  say(1500, true, 'Thank you. A replacement leaves our house today, you can keep the other one for parts: https://nordlicht.coffee/track/48213-R')
  say(1490, false, '', { isDeleted: true })
  say(1488, false, 'That is really kind. Here is the invoice for your files.', {
    attachments: [{ ...picture(12, 'Invoice R-2291.pdf', 0, 0), kind: 'file', mime: 'application/pdf', width: null, height: null }],
  })
  say(130, false, 'Replied to your story', { kind: 'story_reply', attachments: [{ ...picture(13, 'story.jpg', 540, 960), kind: 'story' }] })
  say(126, false, 'Is the Guji from this one still available in 1 kg bags? The shop says sold out.')
  say(125, false, '', { kind: 'unsupported' })
  say(120, true, 'Let me check with the roastery.')
  say(90, true, 'They roast again on Thursday. Shall I put two bags aside for you?', { delivery: { state: 'failed', heldUntil: null, reason: 'recipient_unavailable' } })
  say(64, false, 'Hello? Did you have a chance to look?', { reactions: [{ key: '🙏', count: 2, isOurs: true, names: [talk.title] }] })
  say(38, false, 'I would need it before the weekend, my sister is visiting and she is the one who made me buy the grinder in the first place. 😅')
  talk.unread = 2
}

export function makeWorld(count = 420): World {
  const now = Date.now()
  const roll = dice(7)
  const world: World = {
    profile: { state: 'open', problem: null, trouble: null, restorable: null, mayBeginAnew: false, folder: null, platformsAheadMs: 0, isClockWrong: false },
    settings: {
      theme: 'system', language: 'system', density: 'comfortable', sendKey: 'ctrl_enter', undoSendSeconds: 5, notifies: true,
      showsTextInNotifications: true, playsSound: true, replyTargetMinutes: 240, keepsRunningInTray: true, usesLetterKeys: true,
    },
    accounts: accounts(now), platforms: PLATFORMS, talks: [], nextMessage: 1000,
  }
  for (let id = 1; id <= count; id++) {
    const account = roll.pick(world.accounts)
    const isGroup = account.platform === 'matrix' && roll.chance(0.25)
    const talk: Talk = {
      id, account, kind: isGroup ? 'group' : roll.chance(0.05) ? 'request' : 'direct',
      title: isGroup ? roll.pick(GROUPS) : roll.pick(NAMES), network: account.platform === 'matrix' && roll.chance(0.3) ? 'WhatsApp' : null,
      messages: [], unread: 0, isMarkedUnread: false, windowMs: account.platform === 'matrix' ? null : 24 * HOUR, composer: null,
      draftBody: id % 17 === 4 ? 'Hello, I have asked the roastery and' : '', draftFiles: [], hasMoreHistory: true,
    }
    let at = now - Math.floor(id ** 1.6) * 4 * MINUTE
    const length = count > 2000 ? 2 : id === 5 ? 400 : 3 + roll.below(40)
    for (let n = 0; n < length; n++) {
      const isOurs = n > 0 ? roll.chance(0.45) : roll.chance(0.4)
      const author = isGroup ? roll.pick(NAMES) : talk.title
      talk.messages.unshift(message(world, at, isOurs, author, NAMES.indexOf(author) + 1, roll.pick(isOurs ? ANSWERS : QUESTIONS)))
      at -= roll.below(roll.chance(0.2) ? 2000 : 40) * MINUTE
    }
    talk.messages.sort((a, b) => a.sentAt - b.sentAt)
    if (id === 2) showcase(world, talk, now)
    else decorate(world, talk, roll)
    const isLastIn = talk.messages.at(-1)!.direction === 'in'
    if (isLastIn && id !== 2 && roll.chance(id < 30 ? 0.5 : 0.08)) talk.unread = 1 + roll.below(3)
    world.talks.push(talk)
  }
  return world
}
