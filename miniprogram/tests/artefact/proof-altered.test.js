const { openProof, proofOf } = require('./harness/proof')

test('proof: an altered word shows, and from which entry on', async () => {
  const proof = proofOf(['灯泡已换', null, '好了'])
  proof.rows[2].content.note = '没好'
  const page = openProof(proof)
  await page.shows('记录不完整')
  await page.shows('从第 3 条起对不上')
})
