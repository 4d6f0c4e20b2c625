import type { CallError } from '@/api/error'
import type { ConversationId, ConversationView, DraftFile, MessageView } from '@/api/generated'
import { ask, command } from '@/api/query.svelte'
import { upload } from './upload'

// So long after the last keystroke a draft is saved, and so long after the first unsaved one at the latest: also whoever
// writes without a pause loses at most a second.
const SAVE_AFTER_MS = 400
const SAVE_AT_THE_LATEST_MS = 800

export interface Upload {
  id: number
  name: string
  share: number
}

/** What did not come about. */
export type Failed = 'save' | 'send' | { file: string }

const drafts = new Map<ConversationId, Draft>()
/** Why the last save failed. It is said once: the next keystroke would only say it again. */
let failing: CallError['code'] | null = null

/**
 * The draft of a conversation. It lives as long as the window does: what the view of the conversation says may be an answer from
 * before the last keystroke.
 */
export function draftOf(view: ConversationView): Draft {
  let draft = drafts.get(view.id)
  if (!draft) drafts.set(view.id, (draft = new Draft(view.id, view.draftBody, view.draftFiles)))
  return draft
}

/** Another profile is open: its conversations have other numbers. */
export function forgetDrafts() {
  for (const draft of drafts.values()) draft.forget()
  drafts.clear()
  failing = null
}

/** What is being written in one conversation. It belongs to that conversation for good: a draft never moves to another box. */
export class Draft {
  body = $state('')
  files = $state.raw<readonly DraftFile[]>([])
  uploads = $state.raw<readonly Upload[]>([])
  isSending = $state(false)
  /** The message that it answers. */
  quoted = $state.raw<MessageView | null>(null)

  onproblem: (error: CallError, failed: Failed) => void = () => undefined

  #timer: ReturnType<typeof setTimeout> | undefined
  /** When what is not saved yet began. */
  #unsavedSince: number | undefined
  #saving: Promise<unknown> = Promise.resolve()
  #nextUpload = 1
  #uploading: Promise<unknown> = Promise.resolve()
  #isForgotten = false

  constructor(
    readonly conversation: ConversationId,
    body: string,
    files: readonly DraftFile[],
  ) {
    this.body = body
    this.files = files
  }

  get isEmpty() {
    return this.body.trim() === '' && this.files.length === 0
  }

  /** Something was typed. */
  touch() {
    this.#unsavedSince ??= performance.now()
    const left = this.#unsavedSince + SAVE_AT_THE_LATEST_MS - performance.now()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(true), Math.max(0, Math.min(SAVE_AFTER_MS, left)))
  }

  #rest() {
    clearTimeout(this.#timer)
    this.#timer = this.#unsavedSince = undefined
  }

  /** Saves what is not saved yet. */
  flush(isDue = this.#timer !== undefined): Promise<unknown> {
    this.#rest()
    if (isDue) this.#saving = this.#save(this.#saving)
    return this.#saving
  }

  async #save(before: Promise<unknown>) {
    const change = { conversation: this.conversation, body: this.body, files: [...this.files] }
    await before
    if (this.#isForgotten) return
    try {
      await command('draft_save', change)
      failing = null
    } catch (thrown) {
      const error = thrown as CallError
      if (failing !== error.code) this.onproblem(error, 'save')
      failing = error.code
    }
  }

  /** Its number names another conversation now: nothing of it may be saved or sent there. */
  forget() {
    this.#rest()
    this.#isForgotten = true
  }

  /** One after the other, so that they stay in order. */
  add(file: File) {
    const id = this.#nextUpload++
    this.uploads = [...this.uploads, { id, name: file.name, share: 0 }]
    this.#uploading = this.#uploading.then(() => this.#upload(id, file))
  }

  async #upload(id: number, file: File) {
    if (this.#isForgotten) return
    try {
      const added = await upload(this.conversation, file, (share) => {
        this.uploads = this.uploads.map((one) => (one.id === id ? { ...one, share } : one))
      })
      this.files = [...this.files, added]
      this.touch()
    } catch (thrown) {
      this.onproblem(thrown as CallError, { file: file.name })
    }
    this.uploads = this.uploads.filter((one) => one.id !== id)
  }

  remove(file: DraftFile) {
    this.files = this.files.filter((one) => one !== file)
    this.touch()
  }

  /** Sends it; empty afterwards. Nothing is lost if it is refused. */
  async send() {
    if (this.isSending || this.uploads.length > 0 || this.isEmpty) return undefined
    this.isSending = true
    // A save that is still on its way must not bring the draft back after the reply.
    this.#rest()
    await this.#saving
    const { body, files, quoted } = this
    try {
      if (this.#isForgotten) return undefined
      const applied = await command('inbox_act', {
        kind: 'reply',
        conversation: this.conversation,
        body: body.trim(),
        files: [...files],
        replyTo: quoted?.id ?? null,
      })
      // What was typed meanwhile stays.
      this.body = this.body.startsWith(body) ? this.body.slice(body.length) : ''
      this.files = this.files.filter((file) => !files.includes(file))
      if (this.quoted === quoted) this.quoted = null
      if (!this.isEmpty) this.touch()
      return { applied, quoted }
    } catch (thrown) {
      this.onproblem(thrown as CallError, 'send')
      void this.flush(true)
      return undefined
    } finally {
      this.isSending = false
    }
  }

  /** A reply was taken back: what the core has as the draft now comes before what was begun since. */
  async restore(quoted: MessageView | null) {
    this.quoted = quoted ?? this.quoted
    const begun = { body: this.body.trim(), files: this.files }
    const view = await ask('conversation_open', { conversation: this.conversation }).catch(() => undefined)
    if (!view) return
    // What was begun may have been saved before: then the core's draft ends with it.
    const isIn = view.draftBody === begun.body || view.draftBody.endsWith(`\n\n${begun.body}`)
    this.body = begun.body && !isIn ? `${view.draftBody}\n\n${begun.body}` : view.draftBody
    const known = new Set(view.draftFiles.map((file) => file.media))
    this.files = [...view.draftFiles, ...begun.files.filter((file) => !known.has(file.media))]
    if (begun.body || begun.files.length > 0) this.touch()
  }
}
