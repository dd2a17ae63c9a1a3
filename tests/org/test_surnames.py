"""Lists of people are in the order in which a Chinese reader says their names."""

from __future__ import annotations

import random
import re

import pytest

from fuxiao.org.actions import spoken
from fuxiao.org.models import Person
from fuxiao.org.pinyin import initials, plain

SURNAMES = """
曾 zeng 单 shan 区 ou 仇 qiu 解 xie 查 zha 朴 piao 翟 zhai 盖 ge 种 chong 乐 yue 任 ren 华 hua 葛 ge 冼 xian 召 shao
缪 miao 员 yun 折 she 黑 he 覃 qin 燕 yan 应 ying 隗 wei 宁 ning 幺 yao 佴 nai 晁 chao 郗 xi 郇 xun 繁 po 费 fei 褚 chu
逄 pang 秘 bi 谌 chen 阚 kan 祭 zhai 卜 bu 过 guo 哈 ha 能 nai 纪 ji 那 na 佘 she 宿 su 贾 jia 么 yao 句 gou 粘 nian
眭 sui 昝 zan 莘 shen 訾 zi 都 du 乜 nie 车 che 臧 zang 藏 zang 尉 wei 沈 shen 盛 sheng 柏 bai 薄 bo
尉迟 yuchi 万俟 moqi 长孙 zhangsun 令狐 linghu 澹台 tantai 单于 chanyu 鲜于 xianyu 赫连 helian 皇甫 huangfu
"""
SYLLABLES = {
    "yuchi": "yu chi", "moqi": "mo qi", "zhangsun": "zhang sun", "linghu": "ling hu", "tantai": "tan tai",
    "chanyu": "chan yu", "xianyu": "xian yu", "helian": "he lian", "huangfu": "huang fu",
}  # fmt: skip
SPOKEN = dict(re.findall(r"(\S+) (\S+)", SURNAMES))


@pytest.mark.parametrize(("surname", "said"), SPOKEN.items())
def test_a_surname_is_read_as_a_surname(surname, said):
    assert plain(f"{surname}国强") == f"{said}guoqiang"
    assert initials(f"{surname}强").endswith("q")


def test_a_word_that_is_no_name_keeps_its_usual_reading():
    assert plain("解决问题方案") == "jiejuewentifangan"
    assert plain("区域服务中心") == "quyufuwuzhongxin"


@pytest.mark.django_db
def test_the_database_lists_sixty_surnames_in_the_order_they_are_said():
    names = [f"{surname}强" for surname in SPOKEN]
    shuffled = random.Random(7).sample(names, len(names))
    Person.objects.bulk_create(Person(number=f"N{n}", name=name, **spoken(name)) for n, name in enumerate(shuffled))
    said = [SPOKEN[person.name[:-1]] for person in Person.objects.all()]
    said = [SYLLABLES.get(word, word) for word in said]
    first = [word.split()[0] for word in said]
    assert first == sorted(first)
    assert len(said) == len(SPOKEN)


@pytest.mark.django_db
def test_latin_names_stand_among_chinese_ones_whatever_the_collation():
    names = ["O'Brien", "欧阳娜", "Zoë", "周杰", "ann lee", "Ánna", "安琪", "10号"]
    Person.objects.bulk_create(Person(number=f"N{n}", name=name, **spoken(name)) for n, name in enumerate(names))
    listed = [person.name for person in Person.objects.all()]
    assert listed == ["10号", "安琪", "Ánna", "ann lee", "O'Brien", "欧阳娜", "周杰", "Zoë"]
