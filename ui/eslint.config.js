import { readdirSync } from 'node:fs'
import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** A layer may import only what lies below it; features do not know each other. */
const forbid = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
})

export default ts.config(
  { ignores: ['dist', 'dist-pictures', 'src/api/generated.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      'no-undef': 'off',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'svelte/no-at-html-tags': 'error',
      // svelte-check sees the warnings that these comments answer; the linter does not.
      'svelte/no-unused-svelte-ignore': 'off',
      // The caches and registries here are plain maps on purpose: what must be reactive is a rune.
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/]",
          message: 'Text becomes text nodes; nothing is parsed as HTML.',
        },
        {
          selector: "CallExpression[callee.property.name='insertAdjacentHTML']",
          message: 'Text becomes text nodes; nothing is parsed as HTML.',
        },
        {
          selector: "SvelteElement SvelteAttribute[key.name='style']",
          message: 'The window takes no style attributes: use a class or a style: directive.',
        },
      ],
    },
  },
  forbid(['src/{lib,host,i18n}/**'], ['@/features/*', '@/app/*', '@/design/*'], 'lib, host and i18n know nothing above them.'),
  forbid(['src/api/**'], ['@/features/*', '@/app/*', '@/design/*'], 'api knows host and lib only.'),
  forbid(['src/design/**'], ['@/features/*', '@/app/*'], 'Primitives know no feature.'),
  ...features.map((name) =>
    forbid(
      [`src/features/${name}/**`],
      ['@/app/*', ...features.filter((other) => other !== name).map((other) => `@/features/${other}/*`)],
      'A feature imports neither the shell nor another feature: the shell composes them.',
    ),
  ),
)
