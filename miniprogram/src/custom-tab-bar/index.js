/* The platform wants this component when tabBar.custom is set; the bar itself is components/TownTabBar.vue. */
Component({})
