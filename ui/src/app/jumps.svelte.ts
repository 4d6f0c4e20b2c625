import { onStale } from '@/api/changes'
import { command } from '@/api/query.svelte'
import { navigation } from './navigation.svelte'

/** Clicks on notifications and links wait in the core until they are taken: one may come before we listen. */
export function followJumps() {
  $effect(() => {
    void take()
    return onStale((stale) => {
      if (stale === 'all' || stale.has('jump')) void take()
    })
  })
}

async function take() {
  const { jump } = await command('jump_take', {}).catch(() => ({ jump: null }))
  if (jump?.kind === 'conversation') navigation.jump(jump.conversation, jump.message)
  if (jump?.kind === 'account') navigation.showAccount(jump.account)
}
