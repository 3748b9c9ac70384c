import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** The floors of the console: pages > stores > api > http. Nothing imports upwards. */
const floor = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }],
  },
})

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      // TypeScript itself knows the names of the browser.
      'no-undef': 'off',
      'vue/multi-word-component-names': 'off',
      'no-restricted-globals': [
        'error',
        { name: 'fetch', message: 'Only src/api/http.ts speaks to the network.' },
        { name: 'XMLHttpRequest', message: 'Only src/api/http.ts speaks to the network.' },
      ],
      'max-lines': ['error', { max: 400 }],
    },
  },
  { files: ['src/api/http.ts', 'tests/**'], rules: { 'no-restricted-globals': 'off' } },
  floor(
    ['src/lib/**'],
    ['@/api/*', '@/stores/*', '@/pages/**', '@/components/*', '@/router/*'],
    'lib knows nothing of the console',
  ),
  floor(
    ['src/api/**'],
    ['@/stores/*', '@/pages/**', '@/components/*', '@/router/*'],
    'api stands below the stores',
  ),
  floor(
    ['src/stores/**'],
    ['@/pages/**', '@/components/*', '@/router/*', '@/api/http'],
    'stores stand below the pages and speak through the functions in api',
  ),
  floor(
    ['src/pages/**', 'src/components/**'],
    ['@/api/*', '!@/api/types', '!@/api/errors'],
    'pages speak through the stores',
  ),
  prettier,
)
