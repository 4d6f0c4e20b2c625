// What the notification daemon is told, and where its popups lead: replaced in place, folded in a burst, a reply that is due.
import assert from 'node:assert/strict';
import test from 'node:test';
import { hook } from './support/driver.mjs';
import * as popup from './support/popup.mjs';
import { Scene } from './support/scene.mjs';
import { until } from './support/wait.mjs';
import { windowInFront } from './support/windows.mjs';

const MINUTE_MS = 60_000;

test('a popup leads to its message from wherever somebody is in Kontor, and one of a conversation is replaced in place', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'popups');
  if (!scene) return;
  const { desktop, kontor, zoe } = scene;
  await popup.listen(desktop);
  const ofZoe = await kontor.conversationShowing('Zoë Brandt');
  const ofBen = await kontor.conversationShowing('Ben Okafor');
  await kontor.openConversation(ofBen);
  const isTold = (text) => until(`the daemon is told “${text}”`, () => popup.told(desktop).find((one) => one.text === text));

  await t.test('from another conversation', async () => {
    await windowInFront(desktop, kontor.pid);
    await zoe.write(zoe.room, 'while you look at Ben');
    await popup.appears(desktop);
    await popup.click(desktop);
    await scene.isAt(ofZoe, 'while you look at Ben');
  });

  await t.test('from the settings', async () => {
    await kontor.page.click(hook('nav-settings'));
    await kontor.page.appears(hook('settings'));
    await zoe.write(zoe.room, 'while you look at the settings');
    await popup.appears(desktop);
    await popup.click(desktop);
    await scene.isAt(ofZoe, 'while you look at the settings');
    assert.ok(!(await kontor.page.isThere(hook('settings'))));
  });

  await t.test('the second message of a conversation takes the place of the first', async () => {
    await kontor.openConversation(ofBen);
    await zoe.write(zoe.room, 'One thing');
    const first = await isTold('One thing');
    assert.equal(first.replaces, 0);
    await popup.appears(desktop);
    await zoe.write(zoe.room, 'And another');
    const second = await isTold('And another');
    assert.ok(second.replaces > 0, 'it names the popup that it replaces');
    await until('one is on the screen', async () => (await popup.shown(desktop)) === 1);
    await desktop.picture('replaced');
    await popup.click(desktop);
    await scene.isAt(ofZoe, 'And another');
  });
});

test('a reply that is due is told once, and a burst is folded into one summary', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'burst');
  if (!scene) return;
  const { desktop, kontor } = scene;
  await kontor.openConversation(await kontor.conversationShowing('Ben Okafor'));
  await popup.listen(desktop);
  const due = () => popup.told(desktop).filter((one) => one.title === 'Ida Waiting is waiting for an answer');

  await t.test('somebody who has waited longer than they should', async () => {
    // As short as it can be; and the message is older.
    await kontor.call('settings_set', { ...(await kontor.call('settings_get')), replyTargetMinutes: 5 });
    await scene.customer('ida', 'Ida Waiting', ['Will it come before Friday?'], { at: Date.now() - 6 * MINUTE_MS });
    const ofIda = await kontor.conversationShowing('Ida Waiting');
    await until('it is told', () => due().length > 0, { seconds: 180 });
    assert.ok(due()[0].text.endsWith('Will it come before Friday?'), due()[0].text);
    await popup.appears(desktop);
    await desktop.picture('due');
    await popup.click(desktop);
    await scene.isAt(ofIda, 'Will it come before Friday?');
  });

  await t.test('six people at once', async () => {
    const names = ['Ada', 'Bo', 'Cleo', 'Dora', 'Emil', 'Finn'];
    const people = [];
    for (const name of names) people.push(await scene.customer(name.toLowerCase(), name, ['Hello!']));
    for (const name of names) await kontor.conversationShowing(name);
    await popup.closeAll(desktop);
    const before = popup.told(desktop).length;
    const told = () => popup.told(desktop).slice(before);
    await Promise.all(people.map((one) => one.write(one.room, 'Is it true?')));
    const summary = await until('the daemon is told of many', () => told().find((one) => /^\d+ new messages$/.test(one.title)));
    assert.match(summary.text, /^In \d+ conversations, most recently from [\w ]+$/);
    await until('all of them are in the list', async () => (await kontor.call('inbox_list', { view: 'unread', account: null, after: null, until: null, limit: 50 }))
      .rows.filter((row) => names.includes(row.title) && row.preview?.text === 'Is it true?').length === names.length);
    const alone = new Set(told().filter((one) => one.title.includes(' · ')).map((one) => one.title));
    assert.ok(alone.size <= 3, `shown alone: ${[...alone]}`);
    assert.ok((await popup.shown(desktop)) <= 4, 'three and a summary at most');
    await desktop.picture('burst');
    assert.equal(due().length, 1, 'who waits is told once');
  });
});
