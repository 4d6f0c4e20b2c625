// A profile with a whole corpus in it, made as a person makes it: every account signed in, everything read by the first
// sync.
import { until } from '../../../../tests/window/support/wait.mjs';
import { ask } from './page.mjs';
import { password, userOf } from './homeserver.mjs';

/** Signs all accounts in and waits until all of them are up to date. Answers how long the slowest part took, in ms. */
export async function fill(kontor, homeserver) {
  await kontor.start();
  const { page } = kontor;
  const { isReady } = await ask(page, 'profile_prepare', {});
  if (!isReady) throw new Error('the keychain holds no key, so there is no profile to fill');
  // A corpus is old: everybody in it would be told to be waiting, between the messages that are measured.
  await ask(page, 'settings_set', { ...(await ask(page, 'settings_get', {})), replyTargetMinutes: 0 });
  const began = performance.now();
  for (const account of homeserver.accounts) {
    const { flow } = await ask(page, 'login_start', { platform: 'matrix', method: 'password', again: null });
    const values = { user: userOf(account), password, server: homeserver.url };
    const { step } = await ask(page, 'login_next', { flow, input: { kind: 'fields', values } });
    if (step.kind !== 'done') throw new Error(`signing in ended at ${JSON.stringify(step)}`);
  }
  await until('every account is up to date', async () => {
    const accounts = await ask(page, 'accounts_list', {});
    return accounts.length === homeserver.accounts.length && accounts.every((account) => account.status.kind === 'live') && homeserver.isPolled;
  }, { seconds: 300, every_ms: 500 });
  return performance.now() - began;
}
