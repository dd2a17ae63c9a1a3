-- Twenty indicators by person and month, as an engineer would write them by hand over the same fact tables.
WITH opened AS (
  SELECT a1 AS person, opened_month AS period, count(*) AS vol,
         sum(first_response_business) FILTER (NOT x3) AS frt_sum, count(first_response_business) FILTER (NOT x3) AS frt_n,
         quantile_cont(first_response_business, [0.5, 0.9]) FILTER (NOT x3) AS frt_q,
         count(*) FILTER (NOT x3 AND first_response_met) AS frs, count(first_response_met) FILTER (NOT x3) AS frs_n,
         count(*) FILTER (NOT x3 AND followed_up) AS frq, count(followed_up) FILTER (NOT x3) AS frq_n
  FROM cases WHERE NOT x1 AND NOT x2 AND a1 IS NOT NULL AND opened_month BETWEEN $first AND $last GROUP BY ALL
), resolved AS (
  SELECT ao AS person, resolved_month AS period, count(*) AS res,
         sum(owner_held_business) FILTER (NOT x3) AS ttr_sum, count(owner_held_business) FILTER (NOT x3) AS ttr_n,
         quantile_cont(owner_held_business, [0.5, 0.9]) FILTER (NOT x3) AS ttr_q,
         count(*) FILTER (NOT x7 AND customer_gap <= 2592000) AS hrr, count(customer_id) FILTER (NOT x7) AS hrr_n,
         count(*) FILTER (same_fault_gap <= 2592000 AND device_id IS NOT NULL) AS rpr, count(device_id) AS rpr_n,
         sum(cost) FILTER (NOT x7) AS cost, count(*) FILTER (NOT x7) AS cost_n
  FROM cases WHERE NOT x1 AND NOT x2 AND ao IS NOT NULL AND resolved_month BETWEEN $first AND $last GROUP BY ALL
), judged AS (
  SELECT ao AS person, judged_month AS period, count(*) FILTER (resolution_met) AS trs, count(*) AS trs_n
  FROM cases WHERE NOT x1 AND NOT x2 AND NOT x3 AND NOT x7 AND ao IS NOT NULL AND resolution_met IS NOT NULL
    AND judged_month BETWEEN $first AND $last GROUP BY ALL
), reopened AS (
  SELECT ao_first AS person, first_resolved_month AS period, count(*) FILTER (reopen_gap <= 1209600) AS reo, count(*) AS reo_n
  FROM cases WHERE NOT x1 AND NOT x2 AND NOT x9 AND ao_first IS NOT NULL
    AND first_resolved_month BETWEEN $first AND $last GROUP BY ALL
), visited AS (
  SELECT av AS person, resolved_month AS period, count(*) AS ftf_n,
         count(*) FILTER (first_visit_fixed AND visits = 1 AND coalesce(same_fault_gap > 2592000, true)) AS ftf
  FROM cases WHERE NOT x1 AND NOT x2 AND NOT x9 AND av IS NOT NULL AND first_visit_fixed IS NOT NULL
    AND coalesce(first_outcome, '') <> 'parts_needed'
    AND resolved_month BETWEEN $first AND $last GROUP BY ALL
), surveyed AS (
  SELECT ag AS person, event_month AS period, count(*) FILTER (csat >= 4) AS csat, sum(csat) AS csat_sum, count(csat) AS csat_n
  FROM surveys WHERE NOT x1 AND NOT x2 AND ag IS NOT NULL AND event_month BETWEEN $first AND $last GROUP BY ALL
), backlog AS (
  SELECT ao AS person, month AS period, count(*) AS bkl, count(*) FILTER (due_day <= end_day) AS bla
  FROM (SELECT ao, due_day, unnest(range(greatest(opened_month, $first), least(coalesce(ended_month, $last + 1), $last + 1))) AS month
        FROM cases WHERE NOT x1 AND NOT x2 AND NOT x3 AND ao IS NOT NULL
          AND opened_month < coalesce(ended_month, $last + 1) AND opened_month <= $last)
  JOIN (SELECT m AS month, epoch(make_date(((m + 1) // 12)::INTEGER, ((m + 1) % 12 + 1)::INTEGER, 1)) // 86400 - 1 AS end_day
        FROM range($first, $last + 1) t(m)) USING (month) GROUP BY ALL
)
SELECT person, period, vol, frt_sum, frt_n, round(frt_q[1], 6) AS frt_p50, round(frt_q[2], 6) AS frt_p90, frs, frs_n, frq, frq_n,
       res, ttr_sum, ttr_n, round(ttr_q[1], 6) AS ttr_p50, round(ttr_q[2], 6) AS ttr_p90, hrr, hrr_n, rpr, rpr_n, cost, cost_n,
       trs, trs_n, reo, reo_n, ftf, ftf_n, csat, csat_sum, csat_n, bkl, bla
FROM opened FULL JOIN resolved USING (person, period) FULL JOIN judged USING (person, period)
FULL JOIN reopened USING (person, period) FULL JOIN visited USING (person, period)
FULL JOIN surveyed USING (person, period) FULL JOIN backlog USING (person, period)
