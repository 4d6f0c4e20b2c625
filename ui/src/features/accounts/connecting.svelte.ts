import { CallError } from '@/api/error'
import type { AccountRow, LoginAnswerInput, LoginStepView, PlatformFacts, ProfileProblem } from '@/api/generated'
import { ask, command } from '@/api/query.svelte'

/** Where a connection is. `leave`: the sandbox is left first; `protect`: the keychain does not serve, so the person says how to keep. */
export type Stage =
  | { at: 'leave' }
  | { at: 'platform' }
  | { at: 'method' }
  | { at: 'protect'; problem: ProfileProblem | null }
  | { at: 'step'; flow: string; step: Exclude<LoginStepView, { kind: 'done' }> }

interface Circumstances {
  platforms: readonly PlatformFacts[]
  again: AccountRow | null
  isSandbox: boolean
  /** Called once, with the names of what was connected, and whether that is the account that was to be signed in again. */
  ondone: (names: string[], isAgain: boolean) => void
  /** Behind the sandbox there is a profile that has to be unlocked first: the window asks for that. */
  onlocked: () => void
}

/** One connection, from the choice of a platform to the account; draws nothing. */
export class Connecting {
  stage = $state.raw<Stage>({ at: 'platform' })
  isBusy = $state(false)
  /** Why the last step did not lead on. */
  failure = $state.raw<CallError | null>(null)
  platform = $state.raw<PlatformFacts | null>(null)
  method = $state<string | null>(null)
  /** The profile is being opened or made; the keychain may be asked. */
  isPreparing = $state(false)
  /** An invented account is being connected. */
  isPractice = $state(false)
  /** What was typed at this step, by field: a dialog that is set aside comes back with it. Gone with the step, secrets above all. */
  typed = $state<Record<string, string>>({})
  /** What is ticked at this step. */
  ticked = $state.raw<ReadonlySet<string>>(new Set())
  #isPrepared = false
  #flow: string | null = null
  /** Grows with each step: an answer to an earlier one no longer counts. */
  #turn = 0

  constructor(readonly given: Circumstances) {
    const { again, platforms, isSandbox } = given
    // Known accounts stay in the profile they are in, the sandbox's too.
    this.#isPrepared = again !== null
    this.isPractice = isSandbox && again !== null
    if (again) {
      const platform = platforms.find((one) => one.id === again.platform)
      if (platform) this.#choose(platform, platform.loginMethods[0] ?? null)
    } else if (isSandbox) this.stage = { at: 'leave' }
  }

  /** From the sandbox to one's own accounts. */
  leaveSandbox() {
    void this.#attempt(async () => {
      if (await this.#prepare()) this.stage = { at: 'platform' }
    })
  }

  /** Connects one of the invented accounts and stays. */
  staySandboxed() {
    this.#isPrepared = true
    this.isPractice = true
    this.stage = { at: 'platform' }
  }

  choosePlatform(platform: PlatformFacts) {
    this.#choose(platform, platform.loginMethods.length === 1 ? platform.loginMethods[0]! : null)
  }

  chooseMethod(method: string) {
    if (this.platform) this.#choose(this.platform, method)
  }

  /** Somebody else signed in than was meant: forgets that, and asks once more. */
  beginAgain() {
    this.#drop()
    if (this.platform && this.method !== null) this.#choose(this.platform, this.method)
  }

  /** Back to the ways to sign in, or to the platforms. */
  back() {
    this.#drop()
    const hasMethods = this.platform !== null && this.platform.loginMethods.length > 1
    const isStep = this.stage.at === 'step' || this.stage.at === 'protect'
    this.method = null
    if (isStep && hasMethods) this.stage = { at: 'method' }
    else if (!this.given.again) {
      this.platform = null
      this.stage = { at: 'platform' }
    }
  }

  get canGoBack() {
    if (this.stage.at === 'platform' || this.stage.at === 'leave') return false
    return !this.given.again || (this.stage.at !== 'method' && (this.platform?.loginMethods.length ?? 0) > 1)
  }

  /** The keychain was unlocked: asks it once more. */
  prepareAgain() {
    void this.#attempt(async () => {
      if (await this.#prepare()) await this.#protected()
    })
  }

  /** Keeps everything under this passphrase, then goes on. */
  protect(passphrase: string) {
    void this.#attempt(async () => {
      await command('profile_protect', { passphrase })
      await this.#protected()
    })
  }

  /** Keeps nothing after quitting, then goes on. */
  makeTemporary() {
    void this.#attempt(async () => {
      await command('profile_make_temporary', {})
      await this.#protected()
    })
  }

  toggle(choice: string) {
    const next = new Set(this.ticked)
    if (!next.delete(choice)) next.add(choice)
    this.ticked = next
  }

  answer(input: LoginAnswerInput) {
    const flow = this.#flow
    if (flow === null) return
    void this.#attempt(async (isCurrent) => {
      const view = await command('login_next', { flow, input })
      if (isCurrent()) await this.#show(view)
    })
  }

  /** The browser did not come up, or was closed. */
  openPage() {
    if (this.stage.at === 'step' && this.stage.step.kind === 'browse') {
      const { url } = this.stage.step
      void command('link_open', { url }).catch((error: CallError) => (this.failure = error))
    }
  }

  /** The dialog was closed. */
  end() {
    this.#drop()
  }

  #choose(platform: PlatformFacts, method: string | null) {
    this.platform = platform
    this.method = method
    if (method === null) {
      this.failure = null
      this.stage = { at: 'method' }
      return
    }
    void this.#attempt(async () => {
      if (this.#isPrepared || (await this.#prepare())) await this.#start()
    })
  }

  /** False if the person has to say first how the profile is kept. */
  async #prepare() {
    this.isPreparing = true
    const prepared = await command('profile_prepare', {})
      .catch(async (error: CallError) => {
        const { state } = await ask('profile_status', {})
        if (state !== 'passphrase_needed' && state !== 'blocked') throw error
        return null
      })
      .finally(() => (this.isPreparing = false))
    if (prepared === null) {
      this.given.onlocked()
      return false
    }
    this.#isPrepared = prepared.isReady
    if (!prepared.isReady) this.stage = { at: 'protect', problem: prepared.problem }
    return prepared.isReady
  }

  async #protected() {
    this.#isPrepared = true
    if (this.platform && this.method !== null) return await this.#start()
    this.#forget()
    this.stage = { at: 'platform' }
  }

  async #start() {
    const platform = this.platform!.id
    const again = this.given.again?.id ?? null
    const turn = this.#turn
    const view = await command('login_start', { platform, method: this.method!, again })
    if (turn === this.#turn) await this.#show(view)
    else void command('login_cancel', { flow: view.flow }).catch(() => undefined)
  }

  async #show({ flow, step }: { flow: string; step: LoginStepView }) {
    this.#flow = flow
    if (step.kind === 'done') {
      this.#flow = null
      const accounts = await ask('accounts_list', {}).catch(() => [])
      const isAgain = this.given.again !== null && step.accounts.includes(this.given.again.id)
      this.given.ondone(accounts.filter((one) => step.accounts.includes(one.id)).map((one) => one.name), isAgain)
      this.#forget()
      return
    }
    this.#forget()
    if (step.kind === 'fields') this.typed = Object.fromEntries(step.fields.map((field) => [field.name, field.value]))
    // All that can be: most people connect everything they may.
    if (step.kind === 'choose' || step.kind === 'others') this.ticked = new Set(step.choices.filter((one) => one.isPossible).map((one) => one.id))
    this.stage = { at: 'step', flow, step }
    if (step.kind !== 'browse') return
    this.openPage()
    if (step.isListening) void this.#wait(flow)
  }

  /** Beside the paste: whichever comes first leads on. */
  async #wait(flow: string) {
    const turn = this.#turn
    try {
      const view = await command('login_wait', { flow })
      if (turn === this.#turn) await this.#show(view)
    } catch (error) {
      if (turn !== this.#turn) return
      const failure = CallError.from(error)
      this.failure = failure
      // Refused in the browser, and perhaps thought over there: it can come back once more.
      if (failure.login && failure.login !== 'timed_out') void this.#wait(flow)
    }
  }

  async #attempt(what: (isCurrent: () => boolean) => Promise<void>) {
    const turn = ++this.#turn
    const isCurrent = () => turn === this.#turn
    this.isBusy = true
    this.failure = null
    try {
      await what(isCurrent)
    } catch (error) {
      if (isCurrent()) this.failure = CallError.from(error)
    }
    if (isCurrent()) this.isBusy = false
  }

  #forget() {
    this.typed = {}
    this.ticked = new Set()
  }

  #drop() {
    this.#forget()
    this.#turn++
    this.isBusy = false
    this.failure = null
    if (this.#flow !== null) void command('login_cancel', { flow: this.#flow }).catch(() => undefined)
    this.#flow = null
  }
}
