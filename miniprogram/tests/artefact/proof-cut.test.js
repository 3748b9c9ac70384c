const { openProof, proofOf } = require('./harness/proof')

test('proof: an entry cut off the end shows', async () => {
  const proof = proofOf(['灯泡已换', null, '好了'])
  proof.rows.pop()
  const page = openProof(proof)
  await page.shows('记录不完整')
  await page.shows('从第 3 条起对不上')
})
