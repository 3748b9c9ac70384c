/** Why something people wrote is not shown: the server's codes. How often each was given stands in the public log. */
export const REASONS = [
  ['privacy', '泄露他人信息'],
  ['abuse', '辱骂、攻击他人'],
  ['illegal', '违法违规内容'],
  ['rumour', '捏造事实'],
  ['advert', '广告'],
  ['off_topic', '与这件事无关'],
  ['other', '其他'],
] as const
