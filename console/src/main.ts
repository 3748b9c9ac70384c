import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { onUnauthorized } from './api/http'
import { router } from './router'
import { partMissing } from './router/part-missing'
import { useSession } from './stores/session'
import './styles/element'
import './styles/tokens.css'
import './styles/base.css'

const app = createApp(App)
app.use(createPinia())
onUnauthorized(() => useSession().end())
app.use(router)
router.onError((_error, to) => void partMissing(router.resolve(to).href))
app.mount('#app')
