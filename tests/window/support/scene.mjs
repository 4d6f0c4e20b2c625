// What most window tests begin with: a desktop, a real Matrix server with a brand and two customers, and Kontor
// signed in as the brand.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { Desktop } from './desktop.mjs';
import { hook } from './driver.mjs';
import { Kontor } from './kontor.mjs';
import { folder } from './place.mjs';
import { Synapse } from './synapse.mjs';
import { openTray } from './tray.mjs';
import { until } from './wait.mjs';
import { windowInFront } from './windows.mjs';

export class Scene {
  password = 'a brand’s password';

  /**
   * Sets it up; without a keychain, the profile is kept under `passphrase`. Without a Synapse (no PyPI here) the test is skipped with the reason and nothing is answered;
   * under CI that is a failure.
   */
  static async open(test, name, { hasTray = false, keychain = true, passphrase } = {}) {
    const scene = new Scene();
    scene.logs = folder(name);
    rmSync(scene.logs, { recursive: true, force: true });
    folder(name);
    try {
      scene.synapse = await Synapse.start(scene.logs);
    } catch (error) {
      if (process.env.CI) throw error;
      test.skip(`Synapse could not be installed or started: ${String(error.message).split('\n')[0]}`);
      return undefined;
    }
    test.after(() => scene.close());
    await scene.#fill();
    scene.desktop = await Desktop.start(scene.logs, { keychain });
    if (hasTray) await openTray(scene.desktop);
    scene.kontor = new Kontor(scene.desktop);
    await scene.kontor.start();
    await scene.kontor.connectMatrix({ user: 'brand', password: scene.password, server: scene.synapse.url, passphrase });
    return scene;
  }

  /** Two conversations with a little history. */
  async #fill() {
    this.brand = await this.synapse.createAccount('brand', this.password);
    this.zoe = await this.customer('zoe', 'Zoë Brandt', ['Hello!', 'I ordered the blue lamp on Monday.']);
    this.ben = await this.customer('ben', 'Ben Okafor', ['Is the shop open on Sundays?']);
  }

  /** One more who writes to the brand; `texts` are dated `at`, if given. */
  async customer(name, displayName, texts, { at } = {}) {
    const customer = await this.synapse.createCustomer(name, displayName);
    customer.room = await customer.openRoom(this.brand);
    await this.synapse.call('POST', `/_matrix/client/v3/join/${encodeURIComponent(customer.room)}?user_id=${encodeURIComponent(this.brand)}`, {});
    for (const text of texts) await customer.write(customer.room, text, { at });
    return customer;
  }

  /** Waits until a jump has led there: to the message, with the keyboard in the composer and the window in front. */
  async isAt(conversation, text) {
    const { desktop, kontor } = this;
    await kontor.page.appears(hook('conversation', { 'conversation-id': conversation }));
    const jumped = await until('the message is highlighted', async () => (await kontor.messages()).find((message) => message.isHighlighted));
    assert.ok(jumped.text.includes(text), `highlighted: ${jumped.text}`);
    await until('the composer has the keyboard', () => kontor.isComposerFocused());
    await windowInFront(desktop, kontor.pid);
  }

  /** How often the server holds a message of this text in a customer's room. */
  async timesOnServer(customer, text) {
    return (await customer.messages(customer.room)).filter((event) => event.content.body === text).length;
  }

  async close() {
    await this.desktop?.picture('last').catch(() => {});
    await this.kontor?.stop().catch(() => {});
    await this.desktop?.close();
    await this.synapse?.remove();
  }
}
