import { setLanguage } from '@/i18n/index.svelte'

setLanguage('en')
