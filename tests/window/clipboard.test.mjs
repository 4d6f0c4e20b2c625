// A picture from the clipboard of the desktop: pasted with the keys that everybody knows, it leaves with the reply.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { hook } from './support/driver.mjs';
import { Scene } from './support/scene.mjs';
import { until } from './support/wait.mjs';
import { windowInFront } from './support/windows.mjs';

test('a picture pasted from the clipboard is in the composer and leaves with the reply', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'clipboard');
  if (!scene) return;
  const { desktop, kontor, zoe } = scene;
  await kontor.openConversation(await kontor.conversationShowing('Zoë Brandt'));

  // As a tool that takes pictures of the screen leaves it.
  await desktop.picture('copied');
  desktop.start('xclip', ['-quiet', '-selection', 'clipboard', '-t', 'image/png', '-i', join(scene.logs, 'copied.png')]);
  await until('the picture is in the clipboard', async () => (await desktop.run('xclip', ['-selection', 'clipboard', '-o', '-t', 'TARGETS'])).includes('image/png'));

  await windowInFront(desktop, kontor.pid);
  await kontor.page.click(hook('composer-input'));
  await until('the composer has the keyboard', () => kontor.isComposerFocused());
  await desktop.run('xdotool', ['key', 'ctrl+v']);
  const thumb = `${hook('composer')} li img`;
  await kontor.page.appears(thumb);
  await until('it is drawn', () => kontor.page.script((css) => document.querySelector(css).naturalWidth > 0, thumb));
  await desktop.picture('pasted');

  await kontor.page.type('As you can see');
  await kontor.page.click(hook('composer-send'));
  const sent = await until('both are on the server', async () => {
    const all = (await zoe.messages(zoe.room)).filter((event) => event.sender === scene.brand).map((event) => event.content);
    return all.some((one) => one.msgtype === 'm.image') && all.some((one) => one.body.includes('As you can see')) && all;
  });
  const picture = sent.find((one) => one.msgtype === 'm.image');
  assert.equal(picture.info.mimetype, 'image/png');
  assert.ok(picture.info.size > 100);
});
