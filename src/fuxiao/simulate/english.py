"""What the demonstration company's words are called in English: its records carry the Chinese ones."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "报修": "Repair", "小修": "Small repair", "中修": "Medium repair", "大修": "Large repair", "咨询": "Question",
    "保养": "Maintenance", "安装": "Installation", "退换货": "Return or exchange",
    "电话": "Telephone", "微信": "WeChat", "APP": "App", "电商平台": "Online shop", "门店": "Shop",
    "紧急": "Urgent", "普通": "Normal", "低": "Low",
    "远程指导": "Solved remotely", "现场维修": "Repaired on site", "更换部件": "Part replaced",
    "保养完成": "Maintained", "安装完成": "Installed", "退换货办理": "Returned or exchanged",
    "无故障": "No fault found", "客户拒修": "Repair declined",
    "元器件老化": "Worn out", "电压不稳": "Unsteady voltage", "缺氟漏氟": "Refrigerant lost",
    "焊点松脱": "Loose solder joint", "程序异常": "Software fault", "安装不规范": "Faulty installation",
    "使用不当": "Misuse", "部件磨损": "Worn part", "进水受潮": "Water or damp",
    "天河区": "Tianhe", "南海区": "Nanhai", "南山区": "Nanshan", "白云区": "Baiyun", "禅城区": "Chancheng",
    "越秀区": "Yuexiu", "宝安区": "Bao'an", "顺德区": "Shunde", "龙岗区": "Longgang",
    "空调": "Air conditioner", "冰箱": "Refrigerator", "洗衣机": "Washing machine", "热水器": "Water heater",
    "油烟机": "Range hood", "商用空调": "Commercial air conditioner",
    "空调不制冷": "Does not cool", "室内机滴水": "Indoor unit drips", "开机异响": "Noise when starting",
    "显示故障代码 E6": "Shows error E6", "遥控无反应": "Remote control dead", "冷藏室不凉": "Fridge not cold",
    "冷冻室结冰严重": "Freezer ices up", "压缩机声音大": "Loud compressor", "门封关不严": "Door seal leaks",
    "不排水报 E2": "Does not drain, E2", "脱水时晃动大": "Shakes when spinning", "按键失灵": "Keys do not work",
    "底部漏水": "Leaks at the bottom", "打不着火": "Does not ignite", "水温忽冷忽热": "Temperature jumps",
    "进水口渗水": "Inlet leaks", "显示 E1 停机": "Stops with E1", "吸力变小": "Weak suction",
    "漏油滴灶台": "Oil drips on the stove", "灯不亮": "Lamp is dark", "风机异响": "Fan noise",
    "多联机整组不制冷": "Whole group does not cool", "内外机通讯故障": "Units do not communicate",
    "主板报警停机": "Stops with board alarm", "吊顶内机漏水": "Ceiling unit leaks",
    "金牌": "Gold", "标准": "Standard",
}  # fmt: skip
