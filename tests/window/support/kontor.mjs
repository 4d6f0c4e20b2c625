// Kontor itself: the real program with a profile of its own, started, driven, killed and started again.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Driver, hook } from './driver.mjs';
import { binary } from './place.mjs';
import { until } from './wait.mjs';
import { windowOf } from './windows.mjs';

export class Kontor {
  /** A profile on this desktop; nothing runs yet. */
  constructor(desktop, profile = 'profile') {
    this.desktop = desktop;
    this.profile = join(desktop.home, profile);
    this.env = { ...desktop.env, KONTOR_PROFILE_DIR: this.profile, KONTOR_LOG: 'trace' };
  }

  /** Opens it, with a link perhaps, and waits until the page has painted something of ours. */
  async start(...args) {
    this.page = await Driver.start(this.desktop, binary, args, this.env);
    this.pid = await until('the program runs', () => processesOf(binary, this.profile)[0]);
    await this.page.appears('[data-testid]');
    this.window = await windowOf(this.desktop, this.pid);
  }

  /** The program is gone from one instruction to the next, as in a power cut. */
  async kill() {
    process.kill(this.pid, 'SIGKILL');
    await until('the program is gone', () => this.hasEnded());
    await this.page.close();
  }

  /** Starts the program a second time, as a clicked link does; answers its exit code. */
  async startSecond(...args) {
    const child = this.desktop.start(binary, args, { env: this.env, name: 'second-kontor' });
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error('the second instance did not hand over and leave')), 60_000);
      child.once('exit', (code) => {
        clearTimeout(patience);
        resolve(code);
      });
    });
  }

  hasEnded() {
    return processesOf(binary, this.profile).length === 0;
  }

  async stop() {
    await this.page?.close();
  }

  /** From the first screen to an inbox, as a person does it. */
  async connectMatrix({ user, password, server, passphrase }) {
    const { page } = this;
    await page.appears(hook('welcome'));
    await page.click(hook('connect-account'));
    await page.click(hook('login-platform-matrix'));
    if (passphrase) {
      await page.fill(hook('protection-passphrase'), passphrase);
      await page.click(hook('protection-passphrase-submit'));
    }
    const fields = Object.entries({ user, password, server });
    for (const [name, value] of fields) await page.fill(hook(`login-field-${name}`), value);
    await page.click(hook('login-submit'));
    await page.appears(hook('inbox-row'));
  }

  /** One of the calls that the page itself makes. */
  call(name, args = {}) {
    return this.page.script((name, args) => window.__TAURI_INTERNALS__.invoke('call', { name, arguments: args }), name, args);
  }

  /** The conversation's id, by a text its row in the list shows. */
  conversationShowing(text) {
    return until(`a row of the list shows “${text}”`, () => this.page.script((selector, words) => {
      const row = [...document.querySelectorAll(selector)].find((row) => row.innerText.includes(words));
      return row?.dataset.conversationId;
    }, hook('inbox-row'), text));
  }

  async openConversation(id) {
    await this.page.click(hook('inbox-row', { 'conversation-id': id }));
    await this.page.appears(hook('conversation', { 'conversation-id': id }));
  }

  /** The messages on the screen in order: id, what a person reads, whether it is the one jumped to. */
  messages() {
    return this.page.script((selector) => [...document.querySelectorAll(selector)].map((message) => ({
      id: message.dataset.messageId,
      text: message.innerText,
      isHighlighted: message.dataset.highlighted === 'true',
    })), hook('message'));
  }

  /** Waits until exactly one message on the screen says this; answers it. */
  async shows(text, options) {
    return until(`the conversation shows “${text}” once`, async () => {
      const found = (await this.messages()).filter((message) => message.text.includes(text));
      return found.length === 1 && found[0];
    }, options);
  }

  /** Everything it wrote down so far, in its own log files and to the terminal. */
  log() {
    const own = readdirSync(this.profile, { recursive: true }).filter((name) => name.endsWith('.log'));
    const files = [join(this.desktop.logs, 'kontor.log'), ...own.map((name) => join(this.profile, name))];
    return files.map((file) => readFileSync(file, 'utf8')).join('\n');
  }

  /** Has the keyboard come to rest where the answer is written? */
  isComposerFocused() {
    return this.page.script((selector) => {
      const field = document.querySelector(selector);
      return document.hasFocus() && field !== null && field.contains(document.activeElement);
    }, hook('composer-input'));
  }
}

/** The processes of a binary that use a profile. */
function processesOf(program, profile) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === program &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`KONTOR_PROFILE_DIR=${profile}`);
    } catch {
      return false; // It ended while we looked.
    }
  }).map(Number);
}
