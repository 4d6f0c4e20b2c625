import type { CallError } from '@/api/error'
import { tNamed } from '@/i18n/index.svelte'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'problem'
  /** Gone then; a countdown is shown if there is an action. */
  until: number
  action?: { label: string; keys?: string | undefined; run: () => void }
}

type NewToast = Partial<Pick<Toast, 'tone' | 'until' | 'action'>> & { text: string }

const SHOWN_MS = 5000
const MOST = 3

class Toasts {
  list = $state.raw<readonly Toast[]>([])
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

  /** A failed call, in words. */
  problem(error: CallError) {
    return this.show({ tone: 'problem', text: tNamed(`error.${error.code}`), until: Date.now() + 8000 })
  }

  dismiss(id: number) {
    this.list = this.list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
