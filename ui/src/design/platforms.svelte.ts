import type { PlatformFacts } from '@/api/generated'

/** What the core says about its platforms; filled once at the start. */
class Platforms {
  facts = $state.raw<readonly PlatformFacts[]>([])
}

const platforms = new Platforms()

export function setPlatforms(facts: readonly PlatformFacts[]) {
  platforms.facts = facts
}

export function platformFacts(id: string): PlatformFacts | undefined {
  return platforms.facts.find((one) => one.id === id)
}

/** Its name, with the network behind it: `Matrix · WhatsApp`. */
export function platformName(id: string, network: string | null = null): string {
  const name = platformFacts(id)?.name ?? id
  return network ? `${name} · ${network}` : name
}
