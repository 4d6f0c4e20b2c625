import type { CallError } from '@/api/error'
import { t, tNamed } from '@/i18n/index.svelte'

export interface Toast {
  id: number
  text: string
  /** Said instead while this code is said above. */
  brief?: { code: CallError['code']; text: string }
  tone: 'plain' | 'problem'
  /** Gone then; a countdown is shown if there is an action. */
  until: number
  action?: { label: string; keys?: string | undefined; run: () => void }
}

type NewToast = Partial<Pick<Toast, 'tone' | 'until' | 'action' | 'brief'>> & { text: string }

const SHOWN_MS = 5000
const MOST = 3

class Toasts {
  list = $state.raw<readonly Toast[]>([])
  /** What stands above everything already, as long as it does: a toast does not say it once more. */
  saidAbove = $state<CallError['code'] | null>(null)
  #next = 1

  /** Returns how to take it away early. */
  show(toast: NewToast) {
    const id = this.#next++
    const until = toast.until ?? Date.now() + SHOWN_MS
    this.list = [...this.list.slice(1 - MOST), { tone: 'plain', ...toast, id, until }]
    const timer = setTimeout(() => this.dismiss(id), Math.max(0, until - Date.now()))
    return () => {
      clearTimeout(timer)
      this.dismiss(id)
    }
  }

  /** A failed call, in words; `undone` says what did not come about, where the reason is said above already. */
  problem({ code }: CallError, undone = t('error.undone')) {
    const brief = { code, text: t('error.saidAbove', { undone }) }
    // Tried again and failed again: the newer one says it, once.
    this.list = this.list.filter((toast) => toast.brief?.code !== code || toast.brief.text !== brief.text)
    return this.show({ tone: 'problem', text: tNamed(`error.${code}`), brief, until: Date.now() + 8000 })
  }

  /** The banner and the failed call come by different ways, in either order: what a toast says follows. */
  words(toast: Toast) {
    return toast.brief && toast.brief.code === this.saidAbove ? toast.brief.text : toast.text
  }

  dismiss(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
