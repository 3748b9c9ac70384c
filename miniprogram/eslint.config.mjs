import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** Pages and components → stores → api → http; a lower layer never looks up. */
const forbid = (files, groups, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: groups, message }] }] },
})

const network = (...calls) =>
  calls.map((property) => ({
    object: 'uni',
    property,
    message: 'Only src/api/http.ts speaks to the network.',
  }))

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'tests/artefact/node_modules/', 'src/api/schema.d.ts'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      globals: { uni: 'readonly', wx: 'readonly', getCurrentPages: 'readonly' },
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'no-restricted-properties': ['error', ...network('request', 'uploadFile', 'downloadFile')],
      'vue/multi-word-component-names': 'off', // pages are named by their folder
      'vue/no-v-html': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off', // request<void>: an answer without a body
    },
  },
  { files: ['src/api/http.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['src/**/*.ts'], rules: { 'max-lines-per-function': ['error', { max: 150 }] } },
  forbid(['src/lib/**'], ['@/pages*/**', '@/components/**', '@/stores/**'], 'lib/ is pure.'),
  forbid(
    ['src/api/**'],
    ['@/pages*/**', '@/components/**', '@/stores/**'],
    'api/ knows no store and no page.',
  ),
  forbid(['src/stores/**'], ['@/pages*/**', '@/components/**'], 'Stores know no page.'),
  forbid(['src/components/**'], ['@/pages*/**'], 'Components know no page.'),
  {
    files: ['tests/**', 'src/custom-tab-bar/**', 'scripts/**'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Component',
          'require',
          'module',
          '__dirname',
          'process',
          'console',
          'setTimeout',
          'document',
          'window',
          'global',
          'fetch',
          'URL',
          'FormData',
          'Blob',
          'describe',
          'test',
          'expect',
          'beforeAll',
          'beforeEach',
          'afterEach',
          'afterAll',
          'jest',
          'Buffer',
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { '@typescript-eslint/no-require-imports': 'off', 'no-console': 'off' },
  },
  prettier,
)
