import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Pure parts and stores; the built pages are run by tests/artefact and by a browser. */
export default defineConfig({
    resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
    test: {
        include: ['tests/unit/**/*.test.ts'],
        setupFiles: ['tests/unit/phone.ts'],
        server: { deps: { inline: ['big-integer'] } },
    },
})
