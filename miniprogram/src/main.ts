import { createSSRApp } from 'vue'
import { createPinia } from 'pinia'
import App from './App.vue'

/** Called by uni-app for each platform. */
export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  return { app }
}
