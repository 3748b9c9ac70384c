const nacl = require('../../node_modules/tweetnacl')
const { always } = require('./harness/answers')
const { openPage } = require('./harness/miniprogram')
const { fakePhone } = require('./harness/wx')

const FACTS = '三月以来多次收取费用，不开票据'
const keys = {
  open: true,
  readers: [
    {
      ...{ key_id: '1', name: '专○○', unit_id: '9', unit_name: '纪检办', fingerprint: '' },
      public_key: Buffer.from(nacl.box.keyPair().publicKey).toString('base64'),
    },
  ],
  units: [{ id: '9', name: '纪检办', parent_id: null }],
  elsewhere: [{ name: '纪检监察举报电话', value: '12388' }],
}

test('a phone without random numbers sends nothing, and says why', async () => {
  const { wx, log } = fakePhone(
    { ...always, 'GET /public/vault/keys': { statusCode: 200, data: keys } },
    {},
    { pageScrollTo: () => undefined, getRandomValues: undefined },
  )
  const page = openPage('pages-petition/sealed/index', wx)
  await page.appears('sealed-reader')
  page.type('sealed-facts', FACTS)
  page.tap('sealed-next')
  await page.appears('sealed-error')
  expect(page.textOf('sealed-error')).toContain('请更新微信')
  expect(log.requests.filter(({ name }) => name.startsWith('POST'))).toEqual([])
})
