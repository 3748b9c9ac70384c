/**
 * Runs a page of the built mini-program in WeChat's own component framework (exparser, by way of miniprogram-simulate).
 * There is no layout and no style; built-in components are stubs; `wx.*` is what the test hands in.
 */
const path = require('node:path')
const exparser = require('miniprogram-exparser')
const simulate = require('miniprogram-simulate')
const { until } = require('./wait')

const BUILT = path.resolve(__dirname, '../../../dist/build/mp-weixin')

/** It compiles all pages together: what comes of them is longer than a megabyte. */
const COMPILER = { maxBuffer: 16 * 1024 * 1024 }

/** Every node below one, components' inner trees included. */
function nodesOf(node, found = []) {
  found.push(node)
  if (node.shadowRoot) nodesOf(node.shadowRoot, found)
  for (const child of node.childNodes || []) nodesOf(child, found)
  return found
}

class Page {
  constructor(component) {
    this.component = component
  }

  /** All that can be read on the page. */
  get text() {
    return this.component.dom.textContent.replace(/\s+/g, ' ').trim()
  }

  /** Elements on screen with that data-testid. */
  all(testid) {
    return nodesOf(this.component._exparserNode).filter(
      (node) => node.dataset?.testid === testid && node.$$?.isConnected,
    )
  }

  has(testid) {
    return this.all(testid).length > 0
  }

  textOf(testid) {
    return this.one(testid).$$.textContent.replace(/\s+/g, ' ').trim()
  }

  one(testid) {
    const [first] = this.all(testid)
    if (!first) throw new Error(`No "${testid}" on the page. It reads: ${this.text}`)
    return first
  }

  fire(node, type, detail = {}) {
    const event = exparser.Event.create(type, detail, { bubbles: true, composed: true })
    exparser.Event.dispatchEvent(node, event)
  }

  tap(testid) {
    this.fire(this.one(testid), 'tap')
  }

  /** Types into the input or textarea inside the field. */
  type(testid, value) {
    const field = nodesOf(this.one(testid)).find((node) => /^(input|textarea)$/.test(node.is))
    if (!field) throw new Error(`No text field inside "${testid}"`)
    this.fire(field, 'input', { value })
  }

  shows(words, options) {
    return until(`"${words}" on the page`, () => this.text.includes(words), {
      seen: () => this.text,
      ...options,
    })
  }

  appears(testid, options) {
    return until(`"${testid}" on the page`, () => this.has(testid), {
      seen: () => this.text,
      ...options,
    })
  }
}

/**
 * Starts the mini-program with these `wx.*` and opens one page.
 * @param {string} route for example `pages/home/index`
 * @param {object} wx what WeChat offers (see wx.js)
 * @param {object} query the page's parameters
 */
function openPage(route, wx, query = {}) {
  const stack = []
  let app = null
  global.App = (options) => {
    app = options
    options.onLaunch?.call(options, { path: route, query, scene: 1001 })
    options.onShow?.call(options, {})
  }
  global.getApp = () => app
  global.getCurrentPages = () => stack
  global.Page = () => undefined
  Object.assign(global.wx, wx)
  require(path.join(BUILT, 'app.js'))

  const component = simulate.render(
    simulate.load(path.join(BUILT, route), 'page-root', {
      rootPath: BUILT,
      compilerOptions: COMPILER,
    }),
  )
  const instance = component.instance
  instance.route = instance.__route__ = route
  stack.push(instance)
  const place = document.createElement('div')
  document.body.appendChild(place)
  component.attach(place)
  for (const moment of ['onLoad', 'onShow', 'onReady']) instance[moment]?.call(instance, query)
  return new Page(component)
}

module.exports = { openPage, nodesOf, BUILT }
