// WebDriver with the web view inside the real window: WebKit's own driver starts the program, as it would a browser.
import { writeFileSync } from 'node:fs';
import { freePort, stop } from './process.mjs';
import { until } from './wait.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export class Driver {
  #session;
  #url;

  /** Starts the driver and, through it, `binary` with `args`, on the given desktop. */
  static async start(desktop, binary, args = [], env = {}) {
    const driver = new Driver();
    const port = await freePort();
    driver.#url = `http://127.0.0.1:${port}`;
    driver.process = desktop.start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], {
      // The names under which Tauri and its web view allow to be driven; without them no session opens.
      env: { ...desktop.env, ...env, TAURI_AUTOMATION: 'true', TAURI_WEBVIEW_AUTOMATION: 'true' },
      name: 'kontor',
    });
    await until('the driver listens', async () => (await fetch(`${driver.#url}/status`)).ok);
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } };
    const session = await driver.#call('POST', '/session', { capabilities }, 120_000);
    driver.#session = `/session/${session.sessionId}`;
    return driver;
  }

  async #call(method, path, body, timeout_ms = 60_000) {
    const response = await fetch(this.#url + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeout_ms),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function's text in the page; its arguments and its result must be JSON. Promises are awaited. */
  script(work, ...args) {
    const text = `const done = arguments[arguments.length - 1];
      Promise.resolve((${work})(...Array.from(arguments).slice(0, -1))).then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    return this.#call('POST', `${this.#session}/execute/async`, { script: text, args }).then(({ value, error }) => {
      if (error !== undefined) throw new Error(`in the page: ${error}`);
      return value;
    });
  }

  /** The element's handle, or an error when there is none. */
  async find(selector) {
    const found = await this.#call('POST', `${this.#session}/element`, { using: 'css selector', value: selector });
    return found[ELEMENT];
  }

  /** Waits until there is such an element. */
  appears(selector, options) {
    return until(`\`${selector}\` is in the page`, () => this.find(selector), options);
  }

  async isThere(selector) {
    return this.script((css) => document.querySelector(css) !== null, selector);
  }

  /** What a person reads there. */
  async text(selector) {
    return this.script((css) => document.querySelector(css)?.innerText, selector);
  }

  /** Waits for the element, then clicks it with the driver's mouse. */
  async click(selector) {
    await until(`\`${selector}\` takes a click`, async () => {
      const id = await this.find(selector);
      await this.#call('POST', `${this.#session}/element/${id}/click`, {});
      return true;
    });
  }

  /** Fills a field from the keyboard. */
  async fill(selector, text) {
    await this.click(selector);
    await this.type(text);
  }

  /** Key strokes to whatever has the focus. Characters beyond the BMP get lost on this way; see `insert`. */
  async type(text) {
    const actions = [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);
    await this.#call('POST', `${this.#session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  /** Text into the focused field as an input method would bring it: emoji pickers work this way. */
  async insert(text) {
    const isInserted = await this.script((words) => document.execCommand('insertText', false, words), text);
    if (!isInserted) throw new Error('nothing that takes text has the focus');
  }

  /** A picture of the page, for people. */
  async picture(file) {
    writeFileSync(file, Buffer.from(await this.#call('GET', `${this.#session}/screenshot`), 'base64'));
  }

  /** Ends the program as a closed browser would, and the driver. */
  async close() {
    await this.#call('DELETE', this.#session, undefined, 10_000).catch(() => {});
    await stop(this.process, 'SIGKILL');
  }
}

/** The selector of a stable hook. */
export function hook(name, attributes = {}) {
  const more = Object.entries(attributes).map(([key, value]) => `[data-${key}=${JSON.stringify(value)}]`);
  return `[data-testid=${JSON.stringify(name)}]${more.join('')}`;
}
