import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onUnauthorized, onUnfinished } from './api/http'
import { router } from './router'
import { partMissing } from './router/part-missing'
import { useSession } from './stores/session'
import './styles/element'
import './styles/tokens.css'
import './styles/base.css'

const app = createApp(App)
app.use(createPinia())
onUnauthorized((why) => useSession().end(why))
// A role began to demand something while this desk was open: who sits here is asked again, and shown where to do it.
onUnfinished(() => {
  void useSession()
    .refresh()
    .then(() => router.push({ name: 'account' }))
})
app.use(router)
router.onError((_error, to) => void partMissing(router.resolve(to).href))
app.mount('#app')
