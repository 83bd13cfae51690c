import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'
import parser from 'vue-eslint-parser'

// Rules about mistakes only; how lines are laid out is no matter for a machine to refuse.
export default [
  { ignores: ['dist/', 'help/', 'node_modules/', 'src/api/schema.d.ts'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  { files: ['**/*.vue'], languageOptions: { parser, parserOptions: { parser: ts.parser } } },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error', { object: 'crypto', property: 'randomUUID', message: 'Absent on plain http: use newKey().' }],
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Go through src/api.' }],
      'vue/no-mutating-props': ['error', { shallowOnly: true }],
      'vue/no-v-html': 'error',
      eqeqeq: 'error',
      'max-lines': ['error', 250],
    },
  },
  // The second asks the signing service on the user's own machine, never our server.
  { files: ['src/api/index.ts', 'src/certificates/token.ts'], rules: { 'no-restricted-globals': 'off' } },
]
