/** What WeChat checks of a package before it runs: size, declarations, and that nothing points elsewhere. */
const fs = require('node:fs')
const path = require('node:path')
const { BUILT } = require('./harness/miniprogram')

const MEGABYTE = 1024 * 1024

function files(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name)
    return entry.isDirectory() ? files(full) : [full]
  })
}

const size = (list) => list.reduce((sum, file) => sum + fs.statSync(file).size, 0)
const json = (name) => JSON.parse(fs.readFileSync(path.join(BUILT, name), 'utf8'))
const all = files(BUILT)
const work = all.filter((file) => /^pages-\w+\//.test(path.relative(BUILT, file)))

test('the main package stays below 1 MB', () => {
  expect(size(all) - size(work)).toBeLessThan(MEGABYTE)
  expect(work.length).toBeGreaterThan(0)
})

test('private interfaces are declared, and the privacy check is on', () => {
  const app = json('app.json')
  expect(app.requiredPrivateInfos).toEqual(['chooseLocation', 'getLocation'])
  expect(app.permission['scope.userLocation'].desc).toBeTruthy()
  expect(app.__usePrivacyCheck__).toBe(true)
})

test('tab pages live in the main package, tasks in their own', () => {
  const app = json('app.json')
  for (const tab of app.tabBar.list) expect(app.pages).toContain(tab.pagePath)
  const parts = Object.fromEntries(app.subPackages.map(({ root, pages }) => [root, pages]))
  expect(Object.keys(parts)).toEqual([
    'pages-work',
    'pages-rights',
    'pages-petition',
    'pages-consult',
    'pages-wall',
    'pages-open',
    'pages-village',
    'pages-search',
    'pages-town',
    'pages-mutual',
  ])
  expect(parts['pages-work']).toContain('tasks/index')
  expect(parts['pages-rights']).toContain('proof/index')
  expect(parts['pages-petition']).toContain('detail/index')
  expect(fs.existsSync(path.join(BUILT, 'custom-tab-bar/index.json'))).toBe(true)
})

test('search finds public pages only', () => {
  const { rules } = json('sitemap.json')
  expect(rules.at(-1)).toEqual({ action: 'disallow', page: '*' })
  const open = rules.filter((rule) => rule.action === 'allow').map((rule) => rule.page)
  expect(open).toEqual([
    'pages/home/index',
    'pages/progress/index',
    'pages/privacy/index',
    'pages-wall/home/index',
    'pages-wall/entry/index',
    'pages-wall/report-card/index',
    'pages-consult/home/index',
    'pages-consult/topic/index',
    'pages-open/home/index',
    'pages-open/notice/index',
    'pages-open/sheet/index',
    'pages-open/requests/index',
    'pages-open/watch/index',
    'pages-village/home/index',
    'pages-town/articles/index',
    'pages-town/article/index',
    'pages-town/guides/index',
    'pages-town/guide/index',
    'pages-town/phones/index',
    'pages-town/volumes/index',
    'pages-mutual/neighbours/index',
    'pages-mutual/post/index',
  ])
})

test('no picture, font or style comes from elsewhere', () => {
  const styles = all.filter((file) => /\.(wxss|wxml)$/.test(file))
  const foreign = styles.filter((file) =>
    /url\(["']?https?:|src="https?:/.test(fs.readFileSync(file, 'utf8')),
  )
  expect(foreign).toEqual([])
})
