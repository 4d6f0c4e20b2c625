// Where the key of the database is kept: in the keychain, or under a passphrase where there is none; never in the clear.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { hook } from './support/driver.mjs';
import { Scene } from './support/scene.mjs';
import { until } from './support/wait.mjs';

const PASSPHRASE = 'seven blue lamps in Graz';

/** Nothing that anybody said, and nothing that lets in, can be read from the disk. */
function isSealed(scene, ...secrets) {
  const { profile } = scene.kontor;
  // How access tokens of Synapse begin.
  const texts = ['blue lamp', 'Zoë Brandt', scene.password, 'syt_', ...secrets];
  const sizes = [];
  for (const name of readdirSync(profile, { recursive: true })) {
    const content = contentOf(join(profile, name));
    if (!content) continue;
    sizes.push(content.length);
    for (const text of texts) assert.ok(!content.includes(text), `${name} holds “${text}”`);
    // The web view has a database of its own, about servers it must only reach by TLS.
    if (!name.startsWith('page/')) assert.ok(!content.includes('SQLite format 3'), `${name} is an open database`);
  }
  assert.ok(sizes.some((bytes) => bytes > 50_000), `the database was looked at: ${sizes}`);
}

/** Nothing for a folder, and for a file that went while we looked. */
function contentOf(path) {
  try {
    return statSync(path).isFile() && readFileSync(path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

test('without a keychain a passphrase keeps everything, and a wrong one opens nothing', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'passphrase', { keychain: false, passphrase: PASSPHRASE });
  if (!scene) return;
  const { desktop, kontor } = scene;
  await kontor.openConversation(await kontor.conversationShowing('Zoë Brandt'));
  await kontor.shows('blue lamp');
  isSealed(scene, PASSPHRASE);

  await kontor.kill();
  await kontor.start();
  const { page } = kontor;
  await page.appears(hook('welcome', { state: 'passphrase_needed' }));
  await page.fill(hook('unlock-passphrase'), 'seven blue lamps in Linz');
  await page.click(hook('unlock-submit'));
  await page.appears('[role="alert"]');
  await desktop.picture('wrong-passphrase');
  assert.ok(!(await page.isThere(hook('inbox-row'))));

  // The wrong one is selected: what is typed takes its place.
  await page.type(PASSPHRASE);
  await page.click(hook('unlock-submit'));
  await page.appears(hook('inbox-row'));
  await kontor.openConversation(await kontor.conversationShowing('Zoë Brandt'));
  await kontor.shows('blue lamp');
  assert.ok(!kontor.log().includes(PASSPHRASE), 'no log holds the passphrase');
});

test('a locked keychain blocks the profile with a reason, and nothing is lost when it is open again', { timeout: 300_000 }, async (t) => {
  const scene = await Scene.open(t, 'keychain');
  if (!scene) return;
  const { desktop, kontor } = scene;
  isSealed(scene);
  await kontor.kill();
  await desktop.lockKeychain();
  await kontor.start();
  const { page } = kontor;
  await page.appears(hook('welcome', { state: 'blocked' }));
  await until('it says why', async () => (await page.text(hook('profile-problem')))?.includes('keychain'));
  await desktop.picture('locked');
  await desktop.answerKeychain();
  await desktop.picture('blocked');
  await page.click(hook('try-again'));
  await kontor.openConversation(await kontor.conversationShowing('Zoë Brandt'));
  await kontor.shows('blue lamp');
});
