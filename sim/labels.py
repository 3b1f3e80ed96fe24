"""Every word that a person sees for a code, in a chart or in a table: one table, in English and Chinese.

It stands apart from ``vocabulary`` because compiled kernels are kept under a hash of all that they import: a better
word must not compile the model anew.
"""

from __future__ import annotations

from enum import IntEnum

#: Languages, in the order of the words in the table.
LANGUAGES = ("en", "zh")

#: Key to English and Chinese. The key of a code is its class and member in small letters: "product.joint".
LABELS: dict[str, tuple[str, str]] = {
    # codes
    "occupation.farmer": ("farmer", "农户"),
    "occupation.merchant": ("merchant", "商户"),
    "occupation.employee": ("employee", "职工"),
    "placekind.village": ("villages", "村"),
    "placekind.seat": ("township seats", "乡镇"),
    "placekind.town": ("county town", "县城"),
    "ageband.under_40": ("under 40", "40 岁以下"),
    "ageband.from_40": ("40 to 59", "40 至 59 岁"),
    "ageband.from_60": ("60 and over", "60 岁及以上"),
    "employer.none": ("no employer", "无雇主"),
    "employer.anchor": ("anchor firm", "龙头企业"),
    "employer.public": ("public employer", "公共部门"),
    "employer.other": ("other employer", "其他雇主"),
    "lender.bank": ("rural bank", "农商行"),
    "lender.platform": ("platform", "平台"),
    "lender.family": ("family", "亲友"),
    "repayment.installment": ("monthly instalments", "按月分期"),
    "repayment.bullet": ("interest first, principal at maturity", "先息后本"),
    "repayment.harvest": ("due after the harvest", "收获后偿还"),
    "loanstatus.performing": ("performing", "正常"),
    "loanstatus.delinquent": ("late by less than 90 days", "逾期不足 90 天"),
    "loanstatus.defaulted": ("late by 90 days or more", "逾期 90 天及以上"),
    "loanstatus.matured": ("repaid", "已结清"),
    "loanstatus.written_off": ("written off", "已核销"),
    "product.bank_farm": ("bank: farm loan", "农商行农户贷款"),
    "product.bank_business": ("bank: business loan", "农商行经营贷款"),
    "product.bank_salaried": ("bank: salaried quick loan", "农商行工薪快贷"),
    "product.bank_resident": ("bank: residents' quick loan", "农商行居民快贷"),
    "product.bank_policy": ("bank: pooled poverty loan", "农商行扶贫贷款"),
    "product.platform_line": ("platform: credit line", "平台信用额度"),
    "product.family_loan": ("family loan", "亲友借款"),
    "product.joint": ("joint loan of platform and bank", "平台与农商行联合贷款"),
    "shopkind.village_shop": ("village shop", "村小卖部"),
    "shopkind.input_dealer": ("farm-input dealer", "农资店"),
    "shopkind.street_shop": ("street shop", "街边商店"),
    "shopkind.service": ("service", "服务业"),
    "method.cash": ("cash", "现金"),
    "method.card": ("card", "银行卡"),
    "method.qr": ("wallet or code", "钱包或扫码"),
    "purpose.inputs": ("farm inputs", "农资"),
    "purpose.restocking": ("restocking", "进货"),
    "purpose.illness": ("illness", "医疗"),
    "purpose.schooling": ("schooling", "教育"),
    "purpose.building": ("building", "建房"),
    "sector.farmers": ("farmer households", "农户家庭"),
    "sector.merchants": ("merchant households", "商户家庭"),
    "sector.employees": ("employee households", "职工家庭"),
    "sector.bank": ("rural bank", "农商行"),
    "sector.payment": ("payment company", "支付公司"),
    "sector.lender": ("platform lender", "平台贷款机构"),
    "sector.fund": ("guarantee fund", "担保基金"),
    "sector.government": ("county government", "县政府"),
    "sector.firm": ("anchor firm with its cooperative", "龙头企业及合作社"),
    "sector.world": ("rest of the world", "县外"),
    "instrument.cash": ("cash", "现金"),
    "instrument.deposit_rural": ("deposits, rural bank", "农商行存款"),
    "instrument.deposit_elsewhere": ("deposits elsewhere", "他行存款"),
    "instrument.wallet": ("wallets", "钱包余额"),
    "instrument.money_fund": ("money fund", "货币基金"),
    "instrument.custody": ("custody deposits", "备付金存款"),
    "instrument.reserves": ("reserves, bonds", "准备金、同业与债券"),
    "instrument.corporate_loans": ("corporate loans", "公司贷款"),
    "instrument.loans_bank": ("bank loans", "农商行贷款"),
    "instrument.loans_platform": ("platform loans", "平台贷款"),
    "instrument.loans_partner": ("partners' loans", "合作行贷款"),
    "instrument.accrued_interest": ("accrued interest", "应计利息"),
    "instrument.family_loans": ("family loans", "亲友借款"),
    "instrument.cooperative_shares": ("cooperative shares", "合作社股份"),
    "instrument.guarantee_deposits": ("guarantee deposits", "担保存款"),
    "instrument.guarantee_claims": ("guarantee claims", "担保代偿"),
    "instrument.equity": ("paid-in capital", "实收资本"),
    "instrument.allowance": ("loss allowance", "损失准备"),
    "account.current": ("current account", "经常账户"),
    "account.capital": ("capital account", "资本账户"),
    "account.financial": ("financial account", "金融账户"),
    "kind.wages": ("wages", "工资"),
    "kind.harvest_sales": ("harvest sales", "农产品销售"),
    "kind.off_farm_pay": ("off-farm pay", "非农务工收入"),
    "kind.remittances": ("remittances", "外出汇款"),
    "kind.pensions": ("pensions", "养老金"),
    "kind.cooperative_dividends": ("cooperative dividends", "合作社分红"),
    "kind.solar_dividends": ("solar dividends", "光伏分红"),
    "kind.retail_sales": ("retail sales", "零售"),
    "kind.farm_inputs": ("farm inputs", "农资"),
    "kind.other_consumption": ("other consumption", "其他消费"),
    "kind.supplies": ("shops' supplies", "商户进货"),
    "kind.health_and_schooling": ("health and schooling", "医疗与教育"),
    "kind.building": ("building", "建房"),
    "kind.insurance": ("insurance", "保险"),
    "kind.taxes": ("taxes", "税收"),
    "kind.merchant_fees": ("merchant fees", "商户手续费"),
    "kind.withdrawal_fees": ("withdrawal fees", "提现手续费"),
    "kind.loan_interest": ("loan interest", "贷款利息"),
    "kind.deposit_interest": ("deposit interest", "存款利息"),
    "kind.money_fund_yield": ("money fund yield", "货币基金收益"),
    "kind.reserve_interest": ("interest on reserves and bonds", "准备金与债券利息"),
    "kind.corporate_interest": ("interest of firms", "企业贷款利息"),
    "kind.funding_cost": ("funding cost", "资金成本"),
    "kind.service_fees": ("service fees", "服务费"),
    "kind.operating_costs": ("operating costs", "运营成本"),
    "kind.interest_subsidy": ("interest subsidy", "贴息"),
    "kind.government_transfers": ("government transfers", "政府转移支付"),
    "kind.public_programmes": ("public programmes", "公共项目"),
    "kind.firm_sales": ("the firm's sales", "企业销售"),
    "kind.firm_costs": ("the firm's costs", "企业成本"),
    "kind.dividends": ("dividends", "股息"),
    "kind.recoveries": ("recoveries", "清收"),
    "kind.cooperative_service": ("cooperative's loan service", "合作社偿贷"),
    "kind.guarantee_calls": ("guarantee calls", "担保代偿支出"),
    "kind.cash_handling": ("cash paid in and drawn", "现金存取"),
    "kind.money_fund_sweep": ("moved to and from the money fund", "货币基金转入转出"),
    "kind.loan_disbursement": ("loans paid out", "发放贷款"),
    "kind.loan_repayment": ("loans repaid", "偿还本金"),
    "kind.interest_payment": ("interest paid", "支付利息"),
    "kind.family_lending": ("family lending", "亲友借贷"),
    "kind.guarantee_funding": ("guarantee funding", "担保基金出资"),
    "kind.guarantee_settlement": ("guarantee settlement", "担保结算"),
    "kind.interbank": ("interbank", "同业往来"),
    "kind.capital": ("capital paid in", "注资"),
    "kind.corporate_lending": ("lending to firms", "企业贷款"),
    "reason.provision": ("provision", "计提准备"),
    "reason.write_off": ("write-off", "核销"),
    "reason.interest_reversal": ("interest reversed", "利息冲回"),
    # comparisons
    "decision.credit_access": ("adults with a credit line or a formal loan", "有额度或正规贷款的成年人"),
    "decision.indebted": ("adults who owe a formal lender", "有正规负债的成年人"),
    "decision.originations": ("lent by bank and platform, renewals included", "银行与平台放款（含续贷）"),
    "decision.originations_bank": ("lent by the rural bank", "农商行放款"),
    "decision.originations_platform": ("lent by the platform", "平台放款"),
    "decision.default_rate": ("loans 90 days late within a year", "一年内逾期 90 天以上的贷款"),
    "decision.overburdened": ("households with loan service over 40% of income", "还款超收入 40% 的家庭"),
    "decision.annual_rate_new": ("yearly rate of new loans", "新贷款年利率"),
    "decision.days_to_cash": ("days to cash, all lenders", "放款天数（全部机构）"),
    "decision.days_to_cash_bank": ("days to cash, rural bank", "放款天数（农商行）"),
    "decision.bank_profit": ("profit of the rural bank", "农商行利润"),
    "decision.public_cost_so_far": ("public cost since the start", "累计公共支出"),
    "decision.unmet_need_poor": ("credit wanted and not got: the poor", "未满足的信贷需求：贫困户"),
    "decision.unmet_need_from_60": ("credit wanted and not got: 60 and over", "未满足的信贷需求：60 岁及以上"),
    "decision.unmet_need_farmer": ("credit wanted and not got: farmers", "未满足的信贷需求：农户"),
    "decision.wallet_active": ("adults who pay by wallet", "使用钱包支付的成年人"),
    "standing.no_credit": ("no credit", "无信贷"),
    "standing.line_only": ("line, never borrowed", "有额度未借款"),
    "standing.borrowed": ("borrowed, no default", "借款未违约"),
    "standing.default": ("default", "违约"),
    "crowded.bank_queue": ("the bank's queue", "农商行排队"),
    "crowded.bank_funds": ("the bank's capital or reserves", "农商行资本或准备金不足"),
    "crowded.platform_funds": ("the platform's funds", "平台资金不足"),
    "compare.title": ("Adults with credit by {date}: {worlds}", "到 {date} 有信贷的成年人：{worlds}"),
    "compare.settled": (
        "Difference to {first}: {settled} of {all} have a settled sign",
        "与 {first} 之差：{all} 项中 {settled} 项符号确定",
    ),
    "compare.footer": (
        "Illustrative: calibrated to a press report. {county}; {seeds} seeds at scale {scale}, the same people and "
        "luck in every world: lines are medians, bands hold 80% of the seeds.",
        "仅供说明：按一篇报道校准。{county}；{seeds} 个随机种子，规模 {scale}，各情景人口与运气相同：线为中位数，"
        "带含 80% 的种子。",
    ),
    "compare.footer_one": (
        "Illustrative: calibrated to a press report. {county}; one seed at scale {scale}, the same people and luck in "
        "every world.",
        "仅供说明：按一篇报道校准。{county}；一个随机种子，规模 {scale}，各情景人口与运气相同。",
    ),
    "compare.footer_gaps": (
        "Dots are medians of the differences within a seed, bars hold 80% of them; filled: the sign is settled, "
        "hollow: it is not; a stroke: no difference at all. At the end of the run, or over its last year.",
        "点为同一种子内差值的中位数，条含 80% 的种子；实心：符号确定，空心：不确定，竖线：毫无差别。取期末或最后一年。",
    ),
    "compare.footer_flows": (
        "Flows, rates and days: mean of 12 months.",
        "流量、利率与天数为 12 个月均值。",
    ),
    "group.all": ("all adults", "全体成年人"),
    "group.poor": ("poor households", "贫困户"),
    "group.not_poor": ("other households", "非贫困户"),
    "who.title": (
        "{b} against {a}: {gainers} adults gain over 100 yuan, {losers} lose",
        "{b} 与 {a} 相比：{gainers} 名成年人得益超过 100 元，{losers} 名受损",
    ),
    "who.gain": ("Gain over the run, by group", "模拟期内得益（按群体）"),
    "who.moves": ("Adults who stand elsewhere with formal credit", "正规信贷状况不同的成年人"),
    "who.yuan": ("yuan an adult", "元／成年人"),
    "who.footer": (
        "Illustrative: calibrated to a press report. {county}; seed {seed} at scale {scale}. Dots: {b} against {a}, "
        "same luck. Bars: the same policy under fresh luck, lowest to highest of {lucks}. A policy that changes "
        "nothing changes {nothing} adults.",
        "仅供说明：按一篇报道校准。{county}；随机种子 {seed}，规模 {scale}。点：同等运气下 {b} 与 {a} 相比。"
        "条：同一政策换 {lucks} 次运气的最低至最高。无任何改变的政策影响 {nothing} 名成年人。",
    ),
    # held against outside data
    "validation.observed": ("observed", "实际"),
    "validation.shipped": ("as shipped, level fitted", "原机制（仅拟合水平）"),
    "validation.refitted": ("refitted", "重新拟合"),
    "validation.refitted_ties_completed": ("refitted, ties completed", "重新拟合（补全关系）"),
    "validation.refitted_rewired": ("refitted, ties rewired", "重新拟合（打乱关系）"),
    "validation.refitted_mean_field": ("refitted, all mix", "重新拟合（均匀混合）"),
    "validation.refitted_news_never_old": ("refitted, news never old", "重新拟合（消息不过时）"),
    "validation.extra_lender_s_visits": ("with the lender's visits", "加上机构上门"),
    "validation.pooled": ("all versions pooled", "各版本合并"),
    "validation.extra_pooled_and_village_size": ("pooled, with village size", "合并并加村规模"),
    "validation.mean": ("mean", "均值"),
    "validation.village_size": ("village size", "村规模"),
    "validation.leader_centrality": ("leaders' centrality", "带头人中心度"),
    "validation.mechanism": ("mechanism", "机制"),
    "validation.without_the_country_s_quarters": ("without the country's quarters", "不计全国季度效应"),
    "validation.phones_do_not_spread": ("phones do not spread", "手机不普及"),
    "validation.tastes_as_shipped": ("tastes as shipped", "偏好取原值"),
    "validation.tastes_as_shipped_phones_do_not_spread": ("tastes as shipped, no new phones", "偏好取原值、手机不普及"),
    "validation.everybody_informed": ("everybody informed", "人人知情"),
    "validation.last_value": ("last value", "末值"),
    "validation.linear_drift": ("linear drift", "线性外推"),
    "validation.drift_of_the_last_quarter": ("drift of the last quarter", "按末季外推"),
    "validation.bass": ("Bass", "Bass 模型"),
    "validation.logistic": ("logistic", "逻辑斯蒂曲线"),
    "validation.growth_of_open_states": ("growth of open states", "公开邦的增速"),
    "validation.regression": ("regression", "回归"),
    "validation.final": ("final take-up", "最终采用率"),
    "validation.path": ("path by trimester", "逐季度路径"),
    "validation.win": ("wins", "胜"),
    "validation.tie": ("ties", "平"),
    "validation.loss": ("loses", "负"),
    "validation.against": ("against {other}", "对比{other}"),
    "validation.villages_title": (
        "{early} of the final take-up came in the first trimester; the mechanism as shipped says {shipped}",
        "首个季度已达最终采用率的 {early}；原机制仅为 {shipped}",
    ),
    "validation.villages_final": (
        "Final take-up of {count} villages, each from the others",
        "{count} 个村的最终采用率（由其他村预测）",
    ),
    "validation.villages_path": ("Path, mean of the villages", "路径（各村均值）"),
    "validation.villages_skill": ("Skill for final take-up", "最终采用率的技能分"),
    "validation.villages_x": ("observed, share of those not told first", "实际（非首批告知者）"),
    "validation.villages_y": ("predicted", "预测"),
    "validation.luck": ("luck alone", "仅随机误差"),
    "validation.trimesters": ("trimester (a village keeps its last value after its end)", "季度（村结束后保持末值）"),
    "validation.share_households": ("share of all households", "占全部家庭比例"),
    "validation.better": ("better than the baseline where above 0", "大于 0 即优于基准"),
    "validation.villages_footer": (
        "Data: Banerjee, Chandrasekhar, Duflo & Jackson (2013), doi:10.7910/DVN/U3BIHX. Skill = 1 - RMSE / RMSE of the "
        "baseline; bars: 95% of samples of villages.\nVillages of Karnataka and loans: that a mechanism holds here "
        "does not prove it for a county of China and wallets.",
        "数据：Banerjee、Chandrasekhar、Duflo 与 Jackson（2013），doi:10.7910/DVN/U3BIHX。技能分 = 1 - RMSE / 基准 RMSE"
        "；条：村样本的 95%。\n印度卡纳塔克邦的村庄与贷款：在此成立并不证明适用于中国县域与钱包。",
    ),
    "validation.districts_title": (
        "From 2018 alone half of {count} districts are forecast within {first} for {early} and {last} for {late}",
        "仅凭 2018 年，{count} 个地区有一半的误差在 {early} 低于 {first}，在 {late} 低于 {last}",
    ),
    "validation.districts_errors": ("Median absolute error, 95% over states", "绝对误差中位数（95%，按邦抽样）"),
    "validation.districts_coverage": ("Districts within their 80% interval", "落在 80% 区间内的地区"),
    "validation.nominal": ("as promised: 80%", "应为 80%"),
    "validation.thousand_users": ("thousand users", "千用户"),
    "validation.known": ("known when forecast", "预测时已知"),
    "validation.came": ("came later", "其后实际"),
    "validation.forecast": ("forecast, 80% interval", "预测（80% 区间）"),
    "validation.districts_footer": (
        "Data: PhonePe Pulse (CDLA-Permissive-2.0) and the Census of India 2011. Each district is forecast by other "
        "states. The districts drawn have an error at a fifth, two, three and four fifths of all.\nRegistered users of "
        "one app are not active wallets. That a mechanism holds here does not prove it for a county of China.",
        "数据：PhonePe Pulse（CDLA-Permissive-2.0）与 2011 年印度人口普查。各地区由其他邦预测；所绘地区的误差位于"
        "全部的五分之一至五分之四处。\n单一应用的注册用户不等于活跃钱包；在此成立并不证明适用于中国县域。",
    ),
    "validation.effects_title": (
        "{met} of {judged} published effects, P6 to P9 among them, come out of the county as published",
        "{judged} 项已发表效应（含 P6 至 P9）中有 {met} 项在模型县域中成立",
    ),
    "validation.effects_sizes": ("Simulated size over published size", "模拟值与发表值之比"),
    "validation.effects_friends": ("Take-up added by one friend within six months", "一位朋友半年内增加的采用率"),
    "validation.effects_region": ("counts as met", "视为成立"),
    "validation.effects_points": ("percentage points", "百分点"),
    "validation.friend_told": ("friend who was told\n(published: it counts)", "朋友知情\n（发表：有作用）"),
    "validation.friend_given": (
        "friend who has a wallet\n(published: about nothing)",
        "朋友有钱包\n（发表：几乎无作用）",
    ),
    "validation.p8a": ("India: use lost without\nshops' pull (45%)", "印度：无互补时的损失（45%）"),
    "validation.e1a": ("Mexico: shops (+18%)", "墨西哥：商户（+18%）"),
    "validation.e1b": ("Mexico: other customers (+21%)", "墨西哥：其他顾客（+21%）"),
    "validation.e1c": ("Mexico: customers over shops (1.17)", "墨西哥：顾客与商户之比（1.17）"),
    "validation.e3": ("China: flow to line (0.41)", "中国：流水对额度（0.41）"),
    "validation.effects_footer": (
        "Dots: median of {seeds} seeds at scale {scale}; bars: 80% of the seeds; filled: met, hollow: missed. "
        "Rules were written before any of these was computed.\nSources: Crouzet et al. 2023 (India), Higgins 2024 "
        "(Mexico), Ouyang 2022 and Cai et al. 2015 (China).",
        "点：规模 {scale}、{seeds} 个随机种子的中位数；条：80% 的种子；实心：成立，空心：不成立。规则在计算前写定。"
        "\n来源：Crouzet 等 2023（印度）、Higgins 2024（墨西哥）、Ouyang 2022 与 Cai 等 2015（中国）。",
    ),
    # charts
    "chart.projection": ("projection", "预测"),
    "chart.footer": (
        "Illustrative: calibrated to a press report. {scenario}; {seeds} seeds at scale {scale}: lines are medians, "
        "bands hold 80% of the seeds. Counts and yuan at full size.",
        "仅供说明：按一篇报道校准。{scenario}；{seeds} 个随机种子，规模 {scale}：线为中位数，带含 80% 的种子。"
        "人数与金额为全县规模。",
    ),
    "chart.footer_vintages": (
        "Illustrative: calibrated to a press report. {scenario}; {seeds} seeds at scale {scale}: lines are all seeds "
        "together, bands hold 80% of the seeds.",
        "仅供说明：按一篇报道校准。{scenario}；{seeds} 个随机种子，规模 {scale}：线为全部种子合计，带含 80% 的种子。",
    ),
    "vintage.projection": ("{year} (projection)", "{year}（预测）"),
    "chart.footer_one": (
        "Illustrative: calibrated to a press report. {scenario}; one seed at scale {scale}. Counts and yuan at full "
        "size.",
        "仅供说明：按一篇报道校准。{scenario}；一个随机种子，规模 {scale}。人数与金额为全县规模。",
    ),
    "chart.footer_effect": (
        "Illustrative: calibrated to a press report. {scenario}; {seeds} seeds at scale {scale}: bars are means over "
        "seeds, which add up exactly; whiskers hold 80% of the seeds. Counts and yuan at full size.",
        "仅供说明：按一篇报道校准。{scenario}；{seeds} 个随机种子，规模 {scale}：条形为各种子均值，相加恰为总效应；"
        "须线含 80% 的种子。人数与金额为全县规模。",
    ),
    "chart.footer_projection": (
        "Everything after {reported}, the last reported month, is a projection: {pandemic}, {hogs}, regulation as "
        "listed.",
        "{reported} 为最后有报道的月份，其后（灰底）为预测：{pandemic}、{hogs}、监管如所列。",
    ),
    "compare.footer_projection": (
        "Everything after {reported}, the last reported month, is a projection: events and regulation as each scenario "
        "has them.",
        "{reported} 为最后有报道的月份，其后为预测：事件与监管依各情景所列。",
    ),
    "chart.no_pandemic": ("no pandemic", "无疫情"),
    "chart.pandemic": ("a lockdown from {date}", "{date} 起封控"),
    "chart.hogs_flat": ("flat hog price", "生猪价格不变"),
    "chart.hogs_fall": ("hog price falls in {date}", "{date} 生猪价格下跌"),
    "chart.nothing": ("nothing to show", "无数据"),
    "chart.footer_elsewhere": (
        "Shown for {county}: nothing was reported of it, so every month is a projection.",
        "本图为{county}：该县无报道数据，所有月份均为预测。",
    ),
    "chart.reported": ("reported: {what}", "报道：{what}"),
    "reported.wallet": ("reported: “about 30%”\n(20% to 35%)", "报道：约三成"),
    "reported.shops": ("reported: “every shop”\n(90% or more)", "报道：所有商户"),
    "reported.cash": ("reported: “cash could hardly\nbe spent” (under 20%)", "报道：现金难用"),
    "chart.share_adults": ("share of adults", "占成年人比例"),
    "chart.share_shops": ("share of shops", "占商户比例"),
    "chart.share_value": ("share of payment value", "占支付金额比例"),
    "chart.million_yuan": ("million yuan", "百万元"),
    "chart.million_yuan_month": ("million yuan a month", "百万元／月"),
    "chart.people": ("people", "人"),
    "chart.per_year": ("per year", "年利率"),
    "chart.days": ("days", "天"),
    "chart.share_balance": ("share of loan balance", "占贷款余额比例"),
    "chart.share_loans": ("share of loans paid out", "占已发放贷款比例"),
    "chart.months_on_book": ("months since the loan was paid out", "放款后月数"),
    "placekind.all": ("all adults", "全体成年人"),
    "adoption.title": (
        "Wallet use reaches {share} of adults by {date}; {shops} of county-town shops take QR by {reported}",
        "到 {date} 钱包使用者占成年人的 {share}；{reported} 县城商户 {shops} 接受扫码",
    ),
    "adoption.people": ("Adults who paid by wallet in the last 3 months", "近三个月用钱包支付的成年人"),
    "adoption.shops": ("Shops that take QR payments", "接受扫码支付的商户"),
    "payments.title": (
        "Cash at county-town shops falls to {town} of payment value by {date}, in the county to {county}",
        "到 {date} 县城商户现金占支付金额 {town}，全县 {county}",
    ),
    "payments.town": ("At county-town shops", "县城商户"),
    "payments.county": ("At all shops of the county", "全县商户"),
    "credit.title": (
        "{lines} residents hold a line by {date}, {borrowers} have borrowed, {lent} million yuan in all",
        "到 {date} {lines} 人有额度，{borrowers} 人借过款，共 {lent} 百万元",
    ),
    "credit.lines": ("Residents with a platform credit line", "有平台额度的居民"),
    "credit.borrowers": ("Residents who have borrowed from the platform", "向平台借过款的居民"),
    "credit.lent": ("Lent by the platform since launch", "平台累计放款"),
    "lending.title": (
        "Gross loans by {date}: rural bank {bank}, platform {platform} million yuan",
        "到 {date} 贷款余额：农商行 {bank}，平台 {platform} 百万元",
    ),
    "lending.originations": ("Loans paid out (mean of 12 months)", "放款（12 个月均值）"),
    "lending.gross": ("Gross loans outstanding", "贷款余额"),
    "vintage.title": (
        "{year} of the platform's loans made by {reported} default within 12 months; none was reported",
        "{reported} 前平台放款 12 个月后违约 {year}；报道称无一不良",
    ),
    "vintage.title_early": ("Default by vintage and months on book", "按放款批次与账龄的违约率"),
    "vintage.bank": ("Rural bank: 90+ days late within …", "农商行：逾期 90 天以上"),
    "vintage.platform": ("Platform: 90+ days late within …", "平台：逾期 90 天以上"),
    "npl.title": (
        "In the year to {date}, {bank} of the bank's loans are 90+ days late, {platform} of the platform's",
        "截至 {date} 的一年逾期 90 天以上：农商行 {bank}，平台 {platform}",
    ),
    "npl.title_alone": (
        "In the year to {date}, {bank} of the bank's household loans are 90+ days late",
        "截至 {date} 的一年农商行住户贷款逾期 90 天以上 {bank}",
    ),
    "npl.npl": ("90 or more days late (NPL ratio)", "逾期 90 天以上（不良率）"),
    "npl.par": ("30 or more days late (PAR30)", "逾期 30 天以上"),
    "bank.title": (
        "The bank is alarmed in {alarm}; days to cash go from {before} to {after}, its rate from {rate0} to {rate1}",
        "农商行 {alarm} 警醒；放款天数由 {before} 到 {after}，利率由 {rate0} 到 {rate1}",
    ),
    "bank.title_calm": (
        "The bank is not alarmed; days to cash go from {before} to {after}, its rate from {rate0} to {rate1}",
        "农商行未警醒；放款天数由 {before} 到 {after}，利率由 {rate0} 到 {rate1}",
    ),
    "bank.rate": ("Yearly rate of new loans", "新贷款年利率"),
    "bank.days": ("Days to cash, the bank's new household loans", "农商行新增住户贷款放款天数"),
    "bank.share": ("Part of formal household loans", "正规住户贷款份额"),
    "bank.conviction": ("The bank's conviction that digital works here", "农商行对数字金融的确信"),
    "bank.alarm": ("alarm", "警醒"),
    "balance.title": (
        "Households' money: {first} million yuan in {start}, {money} million by {date}; debt {debt} million",
        "住户货币资产由 {start} 的 {first} 百万元到 {date} 的 {money} 百万元，正规债务 {debt} 百万元",
    ),
    "balance.households": ("Households", "住户"),
    "balance.bank": ("Rural bank", "农商行"),
    "balance.payment": ("Payment company", "支付公司"),
    "balance.lender": ("Platform lender", "平台贷款机构"),
    "balance.worth": ("net worth", "净值"),
    "balance.other": ("other", "其他"),
    # sweeps and sensitivity
    "measure.wallet_active": ("adults who pay by wallet", "使用钱包支付的成年人"),
    "measure.shops_qr": ("shops that take QR payments", "接受扫码支付的商户"),
    "measure.credit_access": ("adults with a line or a formal loan", "有额度或正规贷款的成年人"),
    "measure.gross_loans_bank": ("loans of the rural bank", "农商行贷款余额"),
    "measure.gross_loans_platform": ("loans of the platform", "平台贷款余额"),
    "measure.default_rate": ("loans 90 days late within a year", "一年内逾期 90 天以上的贷款"),
    "measure.days_to_cash_bank": ("days to cash, rural bank", "放款天数（农商行）"),
    "measure.bank_profit": ("profit of the rural bank", "农商行利润"),
    "sweep.title": (
        "What moves with what: {points} points in the ranges of {parameters} parameters",
        "参数与结果：{parameters} 个参数取值范围内的 {points} 个点",
    ),
    "sweep.footer": (
        "Illustrative: calibrated to a press report. {county}; {months} months from {start}; seeds: {seeds}, scale "
        "{scale}, the same people and luck at every point.\nA dot is a point, the mean over seeds: stocks at the "
        "end, flows and default as mean of the last year.\nρ: rank correlation over all points. Axes do "
        "not begin at zero.",
        "仅供说明：按一篇报道校准。{county}；自 {start} 起 {months} 个月，随机种子数 {seeds}，规模 {scale}，"
        "各点人口与运气相同。\n每点为各种子均值：存量取期末，流量与违约率取最后一年均值。\n"
        "ρ：全部点的秩相关。坐标轴不从零开始。",
    ),
    "sensitivity.title": (
        "Of {parameters} parameters, each in its plausible range, these matter most",
        "{parameters} 个参数在合理范围内变动：影响最大者",
    ),
    "sensitivity.effects": ("effect over the whole range", "全范围效应"),
    "sensitivity.nothing": ("nothing moves it, or it is not defined everywhere", "无影响，或并非处处有定义"),
    "sensitivity.shares": ("Part of the variance", "方差份额"),
    "sensitivity.first": ("by itself (S1)", "单独（S1）"),
    "sensitivity.total": ("with all others of the panel (ST)", "含与其他参数共同作用（ST）"),
    "sensitivity.points": ("percentage points", "百分点"),
    "sensitivity.footer": (
        "Illustrative: calibrated to a press report. {county}; {months} months from {start}; seeds: {seeds}, scale "
        "{scale}, the same people and luck at every point.\nLeft: mean size of elementary effects (Morris, {first} "
        "points); hatched / up, \\ down. Right: Sobol indices ({second} points). Whiskers: 95%.\n"
        "Stocks are taken at the end, flows and default rates as mean of the last year.",
        "仅供说明：按一篇报道校准。{county}；自 {start} 起 {months} 个月，随机种子数 {seeds}，规模 {scale}，"
        "各点人口与运气相同。\n左：基本效应平均大小（Morris，{first} 个点），斜线 / 为增，\\ 为减。"
        "右：Sobol 指数（{second} 个点）。须线为 95%。\n存量取期末，流量与违约率取最后一年均值。",
    ),
    # a rollout in many counties
    "rollout.title": (
        "{share} of {counties} counties tip, half of them by {middle}",
        "{counties} 个县中 {share} 越过临界点，半数在 {middle} 之前",
    ),
    "rollout.title_few": (
        "{share} of {counties} counties tip by {date}",
        "到 {date}，{counties} 个县中 {share} 越过临界点",
    ),
    "rollout.when": ("Counties that have tipped, and whose bank is alarmed", "已越过临界点、农商行已警觉的县"),
    "rollout.share_counties": ("share of counties", "占县数比例"),
    "rollout.tipped": ("half of the adults pay by wallet", "半数成年人用钱包支付"),
    "rollout.alarmed": ("the bank is alarmed", "农商行已警觉"),
    "rollout.all": ("all counties", "所有县"),
    "rollout.most": ("80% of them", "八成的县"),
    "rollout.half": ("half of them", "半数的县"),
    "rollout.median": ("median", "中位数"),
    "rollout.on_tipped": ("How late a county tips depends on", "越过临界点的早晚取决于"),
    "rollout.on_days_saved": ("By how many days the bank gets faster depends on", "农商行提速天数取决于"),
    "rollout.coefficient": ("standardised rank regression, all traits at once", "标准化秩回归系数（全部特征同时）"),
    "rollout.too_few": ("too few counties, or all alike", "县数太少，或各县相同"),
    "rollout.footer": (
        "Illustrative: calibrated to a press report of one county. {counties} counties at scale {scale}, drawn from "
        "ranges of Chinese counties (many assumed), all with the same policy and luck.\n"
        "A county tips when half of its adults paid by wallet in the last three months; one that does not counts as "
        "the last. A minus is earlier, or fewer days.",
        "仅供说明：按一个县的报道校准。{counties} 个县，规模 {scale}，取自中国各县的范围（多为假设），"
        "政策与运气相同。\n"
        "近三个月半数成年人用钱包支付即为越过临界点，未越过者排在最后。负值为更早或更少。",
    ),
    "rollout.outcome_tipped": ("tips in", "越过临界点"),
    "rollout.outcome_wallet_active": ("pay by wallet at the end", "期末使用钱包"),
    "rollout.outcome_cash_share_town": ("cash in town at the end", "期末县城现金占比"),
    "rollout.outcome_credit_access": ("with a line or loan at the end", "期末有额度或贷款"),
    "rollout.outcome_alarmed": ("bank alarmed in", "农商行警觉"),
    "rollout.outcome_days_saved": ("bank's loan faster by", "农商行放款提速"),
    "rollout.outcome_rate_cut": ("bank's rate lower by", "农商行利率下降"),
    "rollout.outcome_bank_growth": ("bank's loans grow by", "农商行贷款增长"),
    "rollout.outcome_npl_ratio_bank": ("bank's loans 90+ days late", "农商行逾期 90 天以上"),
    "trait.residents": ("residents", "常住人口"),
    "trait.away": ("people away", "外出人口"),
    "trait.urban_share": ("urban share", "城镇化率"),
    "trait.people_a_village": ("size of villages", "村庄规模"),
    "trait.over_60_village": ("old people in villages", "村中老年人"),
    "trait.income": ("incomes", "收入"),
    "trait.land": ("land a farm", "农户土地"),
    "trait.shops": ("shops", "商户"),
    "trait.factory_work": ("wage work in villages", "村中受雇就业"),
    "trait.poor": ("poor households", "贫困户"),
    "trait.bank_share": ("bank's share of deposits", "农商行存款份额"),
    "trait.bank_npl": ("bank's bad loans before", "农商行此前不良率"),
    "trait.bank_capital": ("bank's capital", "农商行资本充足率"),
    "trait.bank_officers": ("bank's loan officers", "农商行信贷员"),
    "trait.lent_before": ("bank's loans before", "农商行此前贷款"),
    "trait.wallets": ("wallets before", "此前的钱包"),
    "trait.codes": ("QR codes before", "此前的收款码"),
    "trait.phones_of_the_old": ("smartphones of the old", "老年人智能手机"),
    # the effect of the platform's entry
    "effect.without": ("no platform", "无平台"),
    "effect.platform": ("platform itself", "平台本身"),
    "effect.price": ("price", "价格"),
    "effect.speed": ("speed", "速度"),
    "effect.products": ("products", "产品"),
    "effect.outreach": ("outreach", "渠道"),
    "effect.with": ("with everything", "各项俱全"),
    "effect.band": ("  80% of the seeds", "  80% 的种子"),
    "effect.access": ("Adults with credit, %", "有信贷的成年人，%"),
    "effect.loans": ("Formal loans, million yuan", "正规贷款余额，百万元"),
    "effect.loans_bank": ("Loans of the bank, million yuan", "农商行贷款余额，百万元"),
    "effect.loans_platform": ("Loans of the platform, million yuan", "平台贷款余额，百万元"),
    "effect.lending": ("Bank's new loans, million yuan", "农商行新增住户贷款，百万元"),
    "effect.rate": ("Bank's rate, new loans, % a year", "农商行新增贷款年利率，%"),
    "effect.days": ("Bank's days to cash, all new loans", "农商行放款天数，全部新增贷款"),
    "effect.days_ordinary": ("Bank's days to cash, ordinary loans", "农商行放款天数，普通贷款"),
    "effect.default": ("Default in 12 months, formal loans, %", "12 个月内违约率，正规贷款，%"),
    "effect.default_bank": ("Default in 12 months, bank's loans, %", "12 个月内违约率，农商行贷款，%"),
    "effect.profit": ("Bank's profit, million yuan", "农商行利润，百万元"),
    "effect.unmet": ("Unmet need, million yuan a month", "未满足的信贷需求，百万元／月"),
    "effect.effect": ("whole effect", "总效应"),
    "effect.title": (
        "The platform's entry: days to cash at the bank {days}, its rate {rate} points, its profit {profit} million; "
        "adults with credit {access} points",
        "平台进入：农商行放款天数 {days}，利率 {rate} 个百分点，利润 {profit} 百万元；有信贷的成年人 {access} 个百分点",
    ),
    "effect.subtitle": (
        "From no platform to the platform with everything that the bank answers: what entry does by itself, and what "
        "it adds through each answer.\nFlows from {entry} to {end}, stocks at the end. The bank is alarmed in {alarm} "
        "with the platform, in {alarm_without} without it.\nHatched / up, hatched \\ down; pale and “?”: the seeds do "
        "not settle the sign. The axes do not begin at zero.",
        "从无平台到有平台且农商行全面应对：平台进入本身的作用，及其通过每项应对所增加的作用。\n"
        "流量为 {entry} 至 {end}，存量为期末。有平台时农商行于 {alarm} 警醒，无平台时为 {alarm_without}。\n"
        "斜线 / 为增，\\ 为减；浅色与“?”：各种子符号不一。坐标轴不从零开始。",
    ),
}


def label(key: IntEnum | str, language: str = "en") -> str:
    """Return the words for a key.

    Parameters
    ----------
    key : IntEnum or str
        A code such as ``Product.JOINT``, its name, "Product.JOINT", or the key of words in a chart.
    language : {"en", "zh"}

    Raises
    ------
    KeyError
        If there are no words for it.
    ValueError
        If the language is not known.
    """
    name = f"{type(key).__name__}.{key.name}" if isinstance(key, IntEnum) else key
    return LABELS[name.lower()][LANGUAGES.index(language)]
