"""How surnames are spoken where the character is usually read otherwise: 曾 is Zēng, not céng."""

from __future__ import annotations

import re

TWO = """
尉迟 yu4 chi2, 万俟 mo4 qi2, 长孙 zhang3 sun1, 令狐 ling2 hu2, 澹台 tan2 tai2, 单于 chan2 yu2, 亓官 qi2 guan1,
宰父 zai3 fu3, 鲜于 xian1 yu2, 夏侯 xia4 hou2, 赫连 he4 lian2, 皇甫 huang2 fu3, 濮阳 pu2 yang2, 淳于 chun2 yu2,
呼延 hu1 yan2, 独孤 du2 gu1, 叱干 chi4 gan1, 吐谷浑 tu3 yu4 hun2
"""
ONE = """
曾 zeng1, 单 shan4, 区 ou1, 仇 qiu2, 解 xie4, 查 zha1, 朴 piao2, 翟 zhai2, 盖 ge3, 种 chong2, 乐 yue4, 任 ren2,
华 hua4, 葛 ge3, 冼 xian3, 洗 xian3, 召 shao4, 缪 miao4, 员 yun4, 折 she2, 黑 he4, 覃 qin2, 燕 yan1, 应 ying1,
隗 wei3, 宁 ning4, 幺 yao1, 么 yao1, 佴 nai4, 晁 chao2, 郗 xi1, 郇 xun2, 繁 po2, 费 fei4, 褚 chu3, 逄 pang2,
逢 pang2, 秘 bi4, 谌 chen2, 阚 kan4, 祭 zhai4, 卜 bu3, 过 guo1, 牟 mou2, 哈 ha3, 能 nai4, 纪 ji3, 那 na1, 佘 she2,
於 yu1, 宿 su4, 贾 jia3, 呙 guo1, 隽 juan4, 句 gou1, 粘 nian2, 眭 sui1, 昝 zan3, 莘 shen1, 訾 zi1, 都 du1, 省 xing3,
乜 nie4, 车 che1, 臧 zang1, 藏 zang4, 尉 wei4, 沈 shen3, 盛 sheng4, 相 xiang4, 柏 bai3, 薄 bo2, 郄 qie4, 强 qiang2,
干 gan1, 教 jiao4, 行 xing2, 撒 sa4, 钭 tou3, 角 jue2, 瞿 qu2, 仉 zhang3, 贲 ben1, 适 kuo4, 曲 qu1, 石 shi2, 厍 she4,
重 chong2, 观 guan4, 占 zhan1, 合 he2, 广 guang3, 降 jiang4, 会 gui4, 万 wan4, 参 shen1, 载 zai4, 谷 gu3, 伯 bo2
"""
HAN = r"[\u3400-\u9fff]"


def _table(text: str) -> dict[str, list[str]]:
    pairs = (entry.split() for entry in text.replace("\n", " ").split(",") if entry.strip())
    return {name: spoken for name, *spoken in pairs}


SPOKEN = _table(TWO) | _table(ONE)
NAME = re.compile(rf"({'|'.join(SPOKEN)})(?={HAN}{{1,2}}$)")
"""A known surname before a given name of one or two characters: a longer text is no name of a person."""


def surname(name: str) -> tuple[str, list[str]]:
    """The surname whose reading is not the usual one, with its syllables and their tones; empty for every other."""
    found = NAME.match(name)
    return (found[0], SPOKEN[found[0]]) if found else ("", [])
