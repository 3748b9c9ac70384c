const { openProof, proofOf } = require('./harness/proof')

test('proof: a whole record is found whole on the phone, with an entry whose words stay hidden', async () => {
  const page = openProof(proofOf(['灯泡"已换"，\n明天再看 🏮', null, '好了']))
  await page.shows('记录完整')
  await page.shows('内容不公开')
  expect(page.all('proof-row')).toHaveLength(3)
})
