"""The signals in words a manager reads, Chinese first: what it is called, what it means, what cures it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in ``zh`` or ``en``; any other language reads English."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a face shows of one kind of signal."""

    name: Words
    meaning: Words
    cure: Words


SHEETS: dict[str, Sheet] = {
    "G1": Sheet(
        Words("挑单", "Cherry picking"),
        Words(
            "自己挑的工单里，容易单的占比明显高于挑单时队列里的占比。",
            "Among the cases a person picked, easy ones are far more common than in the queue at that time.",
        ),
        Words("改为系统派单，或按难度系数计分。", "Assign cases automatically, or weigh them by difficulty."),
    ),
    "G2": Sheet(
        Words("关单另开", "Close and reopen as new"),
        Words(
            "同一设备在结案后七天内又开新单，本该算重开，却没有计入重开率。",
            "New cases on the same device within seven days of closing should count as re-openings and do not.",
        ),
        Words(
            "按设备把七天内的新单并入重开率，看真实重开率。",
            "Count new cases on the same device within seven days as re-openings and show the true rate.",
        ),
    ),
    "G3": Sheet(
        Words("踢皮球", "Ping-pong"),
        Words(
            "工单从甲转给乙，五个工作日内没有上门也没有回复又退回甲。",
            "A case goes from one unit to another and straight back within five working days, with no visit or reply.",
        ),
        Words(
            "写清两个单位的分工界线；误转记到转出方单位，不记到个人。",
            "Write down where one unit's work ends; wrong transfers count for the sending unit, never for a person.",
        ),
    ),
    "G4": Sheet(
        Words("选择性邀评", "Survey selection"),
        Words(
            "结果好的多邀评，结果差的少邀评，满意度因此偏高。",
            "Customers are asked after good outcomes and spared after bad ones, so satisfaction looks too high.",
        ),
        Words(
            "结案后由系统自动邀评，并同时显示未回评的上下界。",
            "Send surveys automatically at closing, and show the bounds that silence leaves open.",
        ),
    ),
    "G5": Sheet(
        Words("期末突击结案", "Mass closing"),
        Words(
            "期末最后几个工作日的结案数远多于均匀分布应有的数量。",
            "Far more cases are closed on the period's last working days than an even spread would give.",
        ),
        Words(
            "核对这一批工单的重开率；结案需客户确认。",
            "Check how many of that batch were reopened; let the customer confirm closing.",
        ),
    ),
    "G6": Sheet(
        Words("压线与停表", "Deadline bunching and clock stopping"),
        Words(
            "大量工单恰好在时限到期前解决，或在临近到期时挂起而客户并无来信。",
            "Many cases are resolved just before the limit, or paused close to it although the customer wrote nothing.",
        ),
        Words(
            "挂起须附客户消息或缺件单；抽查压线工单的解决质量。",
            "Let a pause need a customer's message or a parts order; spot-check what was resolved at the last moment.",
        ),
    ),
    "G7": Sheet(
        Words("空洞首响", "Hollow first reply"),
        Words(
            "首次响应多为模板话术，之后没有实质动作，只为停住计时。",
            "First replies are mostly templates with no real act after them: they only stop the clock.",
        ),
        Words(
            "首响只认有效首响，与质检分一起看。",
            "Count only effective first replies, and read them beside the quality checks.",
        ),
    ),
    "G8": Sheet(
        Words("倒填时间与异地签到", "Back-dating and far check-in"),
        Words(
            "事件在发生数小时后才补录，或签到位置离现场五百米以上。",
            "Events are recorded hours after the time they claim, or arrivals signed more than 500 m from the site.",
        ),
        Words(
            "以系统记录时间为准，补录须写原因；现场信号不好时允许离线签到。",
            "Trust the recording time and ask a reason for late entries; allow offline check-in where signal is poor.",
        ),
    ),
    "G9": Sheet(
        Words("拆单", "Order splitting"),
        Words(
            "同一客户同一设备同一天出现多张计酬工单。",
            "One customer's one device gets more than one paid order on one day.",
        ),
        Words("同日同设备合并计酬。", "Pay once for a customer, a device and a day."),
    ),
    "G10": Sheet(
        Words("瞒报投诉", "Complaint hiding"),
        Words(
            "投诉被改记为咨询，或回访时才发现没有登记的投诉。",
            "Complaints are re-coded as enquiries, or call-backs find complaints nobody wrote down.",
        ),
        Words(
            "改投诉分类须另一人复核；回访抽样由质检安排。",
            "Let a second person confirm a re-coding; let quality choose the call-backs.",
        ),
    ),
    "G11": Sheet(
        Words("虚报难度", "Difficulty inflation"),
        Words(
            "处理人把自己的工单改高难度，次数明显多于同事。",
            "A handler re-codes own cases as harder far more often than peers do.",
        ),
        Words(
            "难度由派单规则或他人评定，改动留痕。",
            "Let rules or somebody else set difficulty, and keep a record of changes.",
        ),
    ),
    "G12": Sheet(
        Words("虚换配件", "Part-swap padding"),
        Words(
            "每次修复用的配件明显多于同类故障应用的数量。",
            "Repairs use clearly more parts than the same faults usually need.",
        ),
        Words("旧件返还并抽检，按故障比对用件数。", "Have old parts returned and checked; compare parts by fault."),
    ),
    "G13": Sheet(
        Words("刷好评", "Rating bursts"),
        Words(
            "同一设备或网络地址连续给出五星，或邀评后数秒内即给五星。",
            "Several five-star answers come from one device or address, or within seconds of the invitation.",
        ),
        Words(
            "同源评价只计一条，异常评价先复核再计入。",
            "Count one answer a source, and review odd ones before they count.",
        ),
    ),
    "P3": Sheet(
        Words("超额赔付", "Over-compensation"),
        Words(
            "赔付和退款合计明显高于同类故障通常的金额。",
            "Compensation and refunds add up to clearly more than the same faults usually cost.",
        ),
        Words(
            "按故障比对金额，抽查大额；超出限额的须事先审批。",
            "Compare amounts by fault, look at the large ones, and have what exceeds the limit approved beforehand.",
        ),
    ),
}
