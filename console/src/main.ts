import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onUnauthorized } from './api/http'
import { router } from './router'
import { useSession } from './stores/session'
import './styles/element'
import './styles/tokens.css'
import './styles/base.css'

/**
 * A page that was opened before an update asks for parts that are no longer there: load it anew, once.
 * What was typed is kept by the drafts.
 */
const RELOADED = 'reloaded-for-update'
window.addEventListener('vite:preloadError', (event) => {
  if (Date.now() - Number(sessionStorage.getItem(RELOADED) ?? 0) < 60_000) return
  sessionStorage.setItem(RELOADED, String(Date.now()))
  event.preventDefault()
  location.reload()
})

const app = createApp(App)
app.use(createPinia())
onUnauthorized(() => useSession().end())
app.use(router)
app.mount('#app')
