import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/el-message.css'
import 'element-plus/theme-chalk/el-message-box.css'
import 'element-plus/theme-chalk/el-loading.css'
import './style.css'
import { pageIsOf } from './api/use'
import App from './App.vue'
import { tellRefusals } from './refusals'
import { router } from './router'
import { useSession } from './session'
import { watchWhose } from './whose'

const app = createApp(App)
tellRefusals(app, router)
app.use(createPinia())
pageIsOf(() => useSession().account?.id)
watchWhose()
app.use(router).mount('#app')
