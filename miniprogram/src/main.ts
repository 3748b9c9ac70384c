import { createSSRApp } from 'vue'
import { createPinia } from 'pinia'
import { completeAddress } from './api/platformAddress'
import App from './App.vue'
// #ifdef H5
import AsyncError from './components/AsyncError.vue'
// #endif

/** Called by uni-app for each platform. */
export function createApp() {
  completeAddress()
  const app = createSSRApp(App)
  app.use(createPinia())
  // #ifdef H5
  app.component('AsyncError', AsyncError)
  // #endif
  return { app }
}
