// Every way that leads to a message: a popup while the window is minimised or hidden, a link while Kontor runs and
// while it does not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { hook } from './support/driver.mjs';
import * as popup from './support/popup.mjs';
import { Scene } from './support/scene.mjs';
import { stays, until } from './support/wait.mjs';
import { close, isVisible, minimise } from './support/windows.mjs';

test('a clicked popup and a link lead to the message, whatever state the window is in', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'jumps', { hasTray: true });
  if (!scene) return;
  const { desktop, kontor, zoe, ben } = scene;
  const ofZoe = await kontor.conversationShowing('Zoë Brandt');
  const ofBen = await kontor.conversationShowing('Ben Okafor');
  await kontor.openConversation(ofBen);

  await t.test('a click brings back a minimised window', async () => {
    await minimise(desktop, kontor.window);
    await until('it is minimised', async () => !(await isVisible(desktop, kontor.window)));
    await zoe.write(zoe.room, 'while minimised');
    await popup.appears(desktop);
    await popup.click(desktop);
    await scene.isAt(ofZoe, 'while minimised');
  });

  await t.test('closing the window only hides it, and a click brings it back', async () => {
    await close(desktop, kontor.window);
    await until('it is hidden', async () => !(await isVisible(desktop, kontor.window)));
    await ben.write(ben.room, 'while hidden');
    await popup.appears(desktop);
    await popup.click(desktop);
    await scene.isAt(ofBen, 'while hidden');
  });

  await t.test('the conversation being looked at makes no popup', async () => {
    await ben.write(ben.room, 'while you look');
    await kontor.shows('while you look');
    await stays('no popup is on the screen', async () => (await popup.shown(desktop)) === 0);
  });

  await kontor.openConversation(ofZoe);
  const message = await kontor.shows('blue lamp');
  const link = `kontor://conversation/${ofZoe}?message=${message.id}`;
  await kontor.openConversation(ofBen);

  await t.test('a second instance hands its link over and leaves', async () => {
    await minimise(desktop, kontor.window);
    assert.equal(await kontor.startSecond(link), 0);
    await scene.isAt(ofZoe, 'blue lamp');
  });

  await t.test('a link to nothing known opens the window and harms nothing', async () => {
    assert.equal(await kontor.startSecond('kontor://conversation/00000000-0000-7000-8000-000000000000?message=1'), 0);
    assert.equal(await kontor.startSecond('kontor://nowhere/../../etc'), 0);
    await kontor.openConversation(ofBen);
  });

  await t.test('a link to an account leads to its entry in the settings, twice too', async () => {
    await kontor.page.click(hook('nav-settings'));
    await kontor.page.appears(hook('account'));
    const id = await kontor.page.script((css) => document.querySelector(css).dataset.accountId, hook('account'));
    await kontor.page.click(hook('view-all'));
    const marked = hook('account', { 'account-id': id, highlighted: true });
    const button = `${hook('account', { 'account-id': id })} button`;
    for (const state of ['the inbox', 'another section of the settings']) {
      assert.equal(await kontor.startSecond(`kontor://account/${id}`), 0);
      await kontor.page.appears(marked);
      await until(`its first button has the keyboard, from ${state}`, () => kontor.page.script((css) => document.activeElement === document.querySelector(css), button));
      await kontor.page.click(hook('settings-about'));
    }
    await kontor.page.click(hook('view-all'));
    await kontor.openConversation(ofBen);
  });

  await t.test('a link starts Kontor when it is closed', async () => {
    await kontor.kill();
    await kontor.start(link);
    await scene.isAt(ofZoe, 'blue lamp');
  });
});
