import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

export default {
  preprocess: vitePreprocess(),
  // All styles go into files: the window's policy takes no injected <style>.
  compilerOptions: { css: 'external' },
}
