import { createApp, watch } from 'vue'
import 'vant/es/dialog/style/index'
import './phone.css'
import { whenRestricted, whenSessionEnds } from '../api'
import { pageIsOf } from '../api/use'
import { today } from '../days'
import { db, me, recall } from './account'
import App from './App.vue'
import { watchClock } from './clock'
import { startSending, stopSending, watchTheWorld } from './outbox/state'
import { sentenceOf, tellUncaught } from '../uncaught'
import { tell } from './refusals'
import { leadToNextStep, router } from './router'
import { tidy } from './tidy'
import { watchWhose } from '../whose'

const app = createApp(App)
tellUncaught(app, (error) => tell(sentenceOf(error)))
watchClock()
watchTheWorld()
pageIsOf(() => me.account?.id)
watchWhose()
whenSessionEnds(() => { me.ended = true })
whenRestricted(leadToNextStep)

watch(() => me.account?.id, (id) => (id ? startSending(db()) : stopSending()), { immediate: true })
// Who was here before may work on at once; whether the session still stands is heard later.
if (me.account) void recall()
else await recall()
if (me.account) void tidy(db(), today())
app.use(router).mount('#app')

// Asked for, never needed: a shell for reloads without a network, and storage that is not cleared when space runs short.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/m/worker.js', { scope: '/m/' }).catch(() => undefined)
void navigator.storage?.persist?.().catch(() => false)
