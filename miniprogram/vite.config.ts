import { defineConfig, type Plugin } from 'vite'
import uni from '@dcloudio/vite-plugin-uni'

const forWeChat = process.env.UNI_PLATFORM === 'mp-weixin'

/** WeChat reads the WAI-ARIA role from `aria-role`; browsers (and axe) know only `role`. */
function weChatRoles(): Plugin {
  return {
    name: 'wechat-roles',
    enforce: 'pre',
    transform(code, id) {
      if (!forWeChat || !/\/src\/.*\.vue$/.test(id)) return null
      return code.replace(/(\s):?role="/g, (whole) => whole.replace('role', 'aria-role'))
    },
  }
}

/** wot-design-uni's icon font comes from a vendor's address; no icon of it is used, and no request may leave the origin. */
function noRemoteIconFont(): Plugin {
  return {
    name: 'no-remote-icon-font',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const [name, item] of Object.entries(bundle)) {
        if (item.type !== 'asset') continue
        if (/\.(css|wxss)$/.test(name)) {
          item.source = String(item.source).replace(/@font-face\s*\{[^}]*wd-icons[^}]*\}/g, '')
        } else if (/wd-icons.*\.ttf$/.test(name)) {
          delete bundle[name]
        }
      }
    },
  }
}

export default defineConfig({ plugins: [weChatRoles(), uni(), noRemoteIconFont()] })
