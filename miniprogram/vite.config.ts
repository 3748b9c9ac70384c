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

/** Rules of the libraries that would fetch from a vendor's address: wot's icon font, uni-h5's preloaded shadow. */
const FETCHING = [
  /@font-face\s*\{[^}]*wd-icons[^}]*\}/g,
  /@keyframes shadow-preload\s*\{(?:[^{}]*\{[^}]*\})*\s*\}/g,
]

/** No request may leave the origin; neither the font nor the shadow is used. */
function nothingFromVendors(): Plugin {
  return {
    name: 'nothing-from-vendors',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const [name, item] of Object.entries(bundle)) {
        if (item.type !== 'asset') continue
        if (/\.(css|wxss)$/.test(name)) {
          item.source = FETCHING.reduce((css, rule) => css.replace(rule, ''), String(item.source))
        } else if (/wd-icons.*\.ttf$/.test(name)) {
          Reflect.deleteProperty(bundle, name)
        }
      }
    },
  }
}

export default defineConfig({ plugins: [weChatRoles(), uni(), nothingFromVendors()] })
