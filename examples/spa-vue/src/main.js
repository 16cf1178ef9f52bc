import { createApp } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import App from './App.vue';
import Devices from './Devices.vue';
import Overview from './Overview.vue';

const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/devices', component: Devices },
    { path: '/:rest(.*)*', component: Overview },
  ],
});

createApp(App).use(router).mount('#root');
