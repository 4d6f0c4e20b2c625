// `hub dev`, the whole program without a desktop: started with a profile of its own, asked, ended.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const program = process.env.KONTOR_HUB ?? join(root, 'target/debug/hub')

const endings = new WeakMap()

/** At the end of a test, in the reverse order of what was begun: the page before the program that serves it. */
export function atEnd(test, end) {
  if (!endings.has(test)) {
    const list = []
    endings.set(test, list)
    test.after(async () => {
      const failures = []
      for (const one of list.reverse()) await Promise.resolve().then(one).catch((error) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    })
  }
  endings.get(test).push(end)
}

/** A place for profiles that is gone when the test is. */
export function place(test) {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-e2e-'))
  atEnd(test, () => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    profile: join(folder, 'profile'),
    /** Every file in it, by its path. */
    files: () => filesIn(folder),
  }
}

/** Looked for again if a folder goes meanwhile. */
function filesIn(folder) {
  for (;;) {
    try {
      return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
}

export class Hub {
  /**
   * Starts one; it ends with the test. Its sandbox is a calm one: nothing happens there by itself and no customer answers, so that
   * what a test looks at twice is the same twice. What shall happen, the test does: see `world`.
   */
  static async start(test, { profile = place(test).profile, isSandbox = false, worldAheadSeconds = 0, env = {}, keychain } = {}) {
    const words = ['dev', '--port', '0', '--ui', join(root, 'ui/dist'), '--profile', profile, '--calm', '--world', '--world-ahead', String(worldAheadSeconds)]
    if (isSandbox) words.push('--sandbox')
    if (keychain) words.push('--keychain', keychain)
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    const hub = new Hub(child)
    atEnd(test, () => hub.stop())
    hub.address = await hub.#listens()
    return hub
  }

  constructor(child) {
    this.child = child
    this.said = ''
    child.stderr.on('data', (piece) => (this.said = (this.said + piece).slice(-8000)))
    this.ended = new Promise((resolve) => child.once('exit', resolve))
    child.once('error', (error) => (this.said += error.message))
  }

  #listens() {
    return new Promise((resolve, reject) => {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        const found = /^listening on (http:\/\/\S+)$/.exec(line)
        if (found) resolve(found[1])
      })
      this.child.once('error', () => reject(new Error(`${program} cannot be started: build it with \`cargo build -p hub\`. ${this.said}`)))
      this.ended.then((code) => reject(new Error(`hub dev ended with ${code} before it listened: ${this.said}`)))
    })
  }

  /** A call past the UI, as the UI would make it. */
  async call(name, args = {}) {
    const answer = await fetch(`${this.address}/call/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) })
    const body = await answer.json()
    if (!answer.ok) throw Object.assign(new Error(`${name}: ${JSON.stringify(body)}`), body)
    return body
  }

  /** Does something in the world behind the sandbox, as a platform, a customer or fate would. */
  async world(deed, what = {}) {
    const answer = await fetch(`${this.address}/world/${deed}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(what) })
    if (!answer.ok) throw new Error(`world ${deed}: ${answer.status}`)
    return answer.json()
  }

  /** How often the platform holds this reply of a Page. */
  async countSent(page, text) {
    return this.world('count_sent', { page, text })
  }

  /** All rows of a view. */
  async rows(view = 'all', account = null) {
    const rows = []
    let after = null
    do {
      const page = await this.call('inbox_list', { view, account, after, until: null, limit: 200 })
      rows.push(...page.rows)
      after = page.next
    } while (after)
    return rows
  }

  /** As a power cut would end it: nothing is finished, nothing is flushed. */
  async kill() {
    this.child.kill('SIGKILL')
    await this.ended
  }

  async stop() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM')
    await this.ended
  }
}
