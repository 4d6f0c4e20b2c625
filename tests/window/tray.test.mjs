// The icon in a real panel's tray: it shows that something waits, brings the window back, and quits.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Scene } from './support/scene.mjs';
import { iconIn } from './support/tray.mjs';
import { until } from './support/wait.mjs';
import { close, isVisible, minimise } from './support/windows.mjs';

test('the tray icon tells of unread messages, shows the hidden window and quits', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'tray', { hasTray: true });
  if (!scene) return;
  const { desktop, kontor, zoe } = scene;
  let icon = await iconIn(desktop);
  const labels = async () => (await icon.entries()).map((entry) => entry.label);
  const tellsCount = async () => (await labels()).some((label) => /[1-9]/.test(label));
  // What was there before is unread until somebody has looked at it.
  await until('the menu tells of both', async () => (await labels()).some((label) => /\b2\b/.test(label)));
  for (const name of ['Zoë Brandt', 'Ben Okafor']) {
    const id = await kontor.conversationShowing(name);
    await kontor.openConversation(id);
    await until(`${name} counts as read`, async () => !(await kontor.page.isThere(`#row-${id} .dot`)));
  }
  await until('nothing is unread', async () => !(await tellsCount()));
  const calm = await icon.picture();

  await minimise(desktop, kontor.window);
  await zoe.write(zoe.room, 'one more question');
  await until('the icon changes', async () => (await icon.picture()) !== calm);
  await until('the menu holds the count', tellsCount);
  await desktop.picture('unread');

  await kontor.kill();
  await kontor.start();
  await until('the icon tells of what waited when Kontor started', async () => {
    icon = await iconIn(desktop);
    return tellsCount();
  });

  await close(desktop, kontor.window);
  await until('the window is hidden', async () => !(await isVisible(desktop, kontor.window)));
  const [show] = await icon.entries();
  await icon.choose(show);
  await until('the window is back', () => isVisible(desktop, kontor.window));

  await icon.choose((await icon.entries()).at(-1));
  await until('Kontor has quit', () => kontor.hasEnded());
});
