-- The fact table of cases from raw records, as an engineer would write it for DuckDB alone: the same columns, the same
-- figures. Needs the views cases, case_events, visits, costs, memberships and the look-up tables days, spans, local_days.
CREATE TEMP TABLE steps AS
SELECT case_id, "at" AS t, type, kind, actor, to_person, to_unit, "at" * 536870912 + seq AS place,
       type = 'responded' AND NOT coalesce(template, false) AS reply,
       (actor IS NOT NULL AND NOT coalesce(template, false)) OR type = 'resolved' AS act
FROM case_events WHERE "at" <= $cut_off;

CREATE TEMP TABLE summary AS
SELECT case_id,
       min(t) FILTER (type = 'created') AS created_at, min(t) FILTER (type = 'assigned') AS assigned_at,
       min(t) FILTER (type = 'accepted') AS accepted_at, min(t) FILTER (type = 'visit_start') AS on_site_at,
       min(t) FILTER (type = 'resolved') AS first_resolved_at, max(t) FILTER (type = 'resolved') AS resolved_at,
       max(t) FILTER (type = 'closed') AS closed_at, min(t) FILTER (type = 'cancelled') AS cancelled_at,
       min(t) FILTER (type = 'reopened') AS reopened_at, max(place) FILTER (type = 'reopened') AS last_reopen,
       min(t) FILTER (reply) AS first_response_at, min(place) FILTER (reply) AS response_place,
       arg_min_null(actor, place) FILTER (type = 'assigned') AS dispatcher,
       arg_min(actor, place) FILTER (reply) AS a1, list(place) FILTER (act) AS acts,
       list(place) FILTER (type IN ('resolved', 'closed', 'merged')) AS endings,
       count(*) FILTER (type = 'reopened') AS reopens, count(*) FILTER (type IN ('responded', 'contacted')) AS replies,
       count(*) FILTER (type = 'transferred') AS transfers, count(*) FILTER (type = 'escalated') AS escalations,
       count(*) FILTER (type = 'merged') AS merges, count(DISTINCT actor) AS actors
FROM steps GROUP BY case_id;

CREATE TEMP TABLE holds AS
SELECT *, row_number() OVER w AS step, lead(place) OVER w AS end_place, lead(t) OVER w AS until FROM (
  SELECT case_id, place, t, coalesce(to_person, actor) AS person, row_number() OVER w AS turn,
         lag(coalesce(to_person, actor)) OVER w AS holder, lag(to_unit IGNORE NULLS) OVER w AS unit_before,
         coalesce(to_unit, unit_before) AS unit, to_unit IS NOT NULL AND to_unit IS DISTINCT FROM unit_before AS other_unit
  FROM steps WHERE type IN ('assigned', 'accepted', 'transferred') WINDOW w AS (PARTITION BY case_id ORDER BY place)
) WHERE turn = 1 OR other_unit OR person IS DISTINCT FROM holder WINDOW w AS (PARTITION BY case_id ORDER BY place);

CREATE TEMP TABLE owners AS
SELECT r.case_id, arg_max(coalesce(h.person, r.actor), r.place) AS ao, arg_min(coalesce(h.person, r.actor), r.place) AS ao_first
FROM (SELECT case_id, place, actor FROM steps WHERE type = 'resolved') r
ASOF LEFT JOIN holds h ON h.case_id = r.case_id AND r.place > h.place GROUP BY r.case_id;

CREATE TEMP TABLE holders AS
SELECT case_id, arg_max(person, place) AS holder, arg_max(unit, place) AS event_unit, count(DISTINCT person) AS holders,
       count(*) FILTER (other_unit AND unit_before IS NOT NULL) AS handoffs,
       CASE WHEN count(*) > 2 THEN list(person ORDER BY place) END AS persons,
       CASE WHEN count(*) > 2 THEN list(unit ORDER BY place) END AS units
FROM holds GROUP BY case_id;

CREATE TEMP TABLE been AS
SELECT case_id, count(*) AS visits, min(arrived_at) AS arrived_at, arg_min(engineer, visit_no) AS av,
       arg_min(outcome, visit_no) AS outcome
FROM visits WHERE arrived_at IS NULL OR arrived_at <= $cut_off GROUP BY case_id;

CREATE TEMP TABLE spent AS
SELECT case_id, sum(amount)::BIGINT AS cost FROM costs WHERE kind <> 'refund' AND spent_at <= $cut_off GROUP BY case_id;

CREATE TEMP TABLE moments AS
SELECT *,
       CASE WHEN ended IS NOT NULL THEN last_resolved END AS resolved_at,
       CASE WHEN ended IS NOT NULL THEN last_closed END AS closed_at,
       coalesce(first_response_at, ended, $cut_off) AS response_end,
       coalesce(CASE WHEN ended IS NOT NULL THEN last_resolved END, ended, $cut_off) AS resolution_end,
       CASE priority WHEN 'P1' THEN 1800 WHEN 'P2' THEN 3600 ELSE 14400 END AS first_response_limit,
       CASE priority WHEN 'P1' THEN 28800 WHEN 'P2' THEN 57600 ELSE 144000 END AS resolution_limit
FROM (
  SELECT c.case_id, c.channel, c.case_type, c.category, c.priority, c.difficulty, c.in_warranty, c.region, c.product,
         c.customer_id, c.device_id, c.fault_code, c.fault_group, c.resolution_code, c.root_cause, c.status, c.unit_id,
         c.standard_minutes, c.handle_seconds, coalesce(c.contacts, nullif(s.replies, 0)) AS contacts, c.first_contact_solved,
         coalesce(s.created_at, c.opened_at) AS opened_at, coalesce(s.assigned_at, c.assigned_at) AS assigned_at,
         coalesce(s.accepted_at, c.accepted_at) AS accepted_at,
         coalesce(s.first_response_at, c.first_response_at) AS first_response_at,
         coalesce(s.on_site_at, c.on_site_at, v.arrived_at) AS on_site_at,
         coalesce(s.first_resolved_at, c.resolved_at) AS first_resolved_at, coalesce(s.resolved_at, c.resolved_at) AS last_resolved,
         coalesce(s.closed_at, CASE WHEN c.closed_at <= $cut_off THEN c.closed_at END) AS last_closed,
         coalesce(s.reopened_at, c.reopened_at) AS reopened_at, coalesce(s.reopens, 0) AS reopens,
         coalesce(list_min(list_filter(acts, lambda a: a > response_place)) // 536870912,
                  CASE WHEN c.resolved_at >= c.first_response_at THEN c.resolved_at END) AS follow_at,
         CASE WHEN s.reopens > 0 THEN list_min(list_filter(endings, lambda a: a > last_reopen)) // 536870912
              ELSE list_min(endings) // 536870912 END AS ended,
         coalesce(s.a1, c.first_responder,
                  CASE WHEN coalesce(s.first_response_at, c.first_response_at) IS NULL THEN coalesce(o.ao, h.holder, c.owner) END) AS a1,
         coalesce(o.ao, h.holder, c.owner) AS ao, s.dispatcher,
         coalesce(o.ao_first, o.ao, h.holder, c.owner) AS ao_first, v.av, h.event_unit,
         coalesce(c.is_test, false) OR coalesce(c.is_spam, false) AS x1,
         coalesce(c.duplicate_of, '') <> '' OR coalesce(s.merges, 0) > 0 AS x2,
         coalesce(s.cancelled_at < s.first_response_at, s.cancelled_at IS NOT NULL) AS x3,
         coalesce(c.is_force_majeure, false) AS x7, coalesce(c.customer_postponed, false) AS x9,
         coalesce(c.is_bot_only, false) AS x10, coalesce(s.transfers, 0) AS transfers, coalesce(h.handoffs, 0) AS handoffs,
         coalesce(h.holders, (coalesce(o.ao, c.owner) IS NOT NULL)::BIGINT) AS holders,
         coalesce(s.escalations, 0) > 0 AS escalated, coalesce(s.actors, 0) AS actors, coalesce(v.visits, 0) AS visits,
         v.outcome AS first_outcome,
         CASE WHEN v.outcome IS DISTINCT FROM 'no_access' AND v.visits IS NOT NULL
              THEN coalesce(v.outcome = 'fixed', false) AND v.visits = 1 END AS first_visit_fixed,
         coalesce(len(list_filter(list_zip(persons, persons[2:], persons[3:]), lambda t: t[1] = t[3] AND t[1] <> t[2])) > 0
               OR len(list_filter(list_zip(units, units[2:], units[3:]), lambda t: t[1] = t[3] AND t[1] <> t[2])) > 0, false) AS ping_pong,
         ((coalesce(c.category, '') <> '')::BIGINT + (coalesce(c.fault_code, '') <> '')::BIGINT
          + (coalesce(c.resolution_code, '') <> '')::BIGINT + (coalesce(c.root_cause, '') <> '')::BIGINT) AS filled,
         coalesce(p.cost, 0) AS cost
  FROM cases c LEFT JOIN summary s USING (case_id) LEFT JOIN owners o USING (case_id) LEFT JOIN holders h USING (case_id)
  LEFT JOIN been v USING (case_id) LEFT JOIN spent p USING (case_id) WHERE c.opened_at <= $cut_off
);

CREATE TEMP MACRO w(pref, second, s0, l0, s1, l1) AS
  pref + least(greatest(second - s0, 0), l0) + least(greatest(second - s1, 0), l1);

CREATE TEMP TABLE worked AS
SELECT m.case_id, ao, opened_at, first_response_at, response_end, assigned_at, on_site_at, first_resolved_at, resolved_at,
       resolution_end, first_response_limit, resolution_limit,
       w(a.pref, opened_at % 86400, a.s0, a.l0, a.s1, a.l1) AS w_opened,
       w(b.pref, response_end % 86400, b.s0, b.l0, b.s1, b.l1) AS w_response,
       w(c.pref, assigned_at % 86400, c.s0, c.l0, c.s1, c.l1) AS w_assigned,
       w(d.pref, on_site_at % 86400, d.s0, d.l0, d.s1, d.l1) AS w_on_site,
       w(e.pref, first_resolved_at % 86400, e.s0, e.l0, e.s1, e.l1) AS w_first,
       w(f.pref, resolution_end % 86400, f.s0, f.l0, f.s1, f.l1) AS w_resolution,
       w(g.pref, follow_at % 86400, g.s0, g.l0, g.s1, g.l1) AS w_follow
FROM moments m
LEFT JOIN days a ON a.day_key = $base + opened_at // 86400 LEFT JOIN days b ON b.day_key = $base + response_end // 86400
LEFT JOIN days c ON c.day_key = $base + assigned_at // 86400 LEFT JOIN days d ON d.day_key = $base + on_site_at // 86400
LEFT JOIN days e ON e.day_key = $base + first_resolved_at // 86400 LEFT JOIN days f ON f.day_key = $base + resolution_end // 86400
LEFT JOIN days g ON g.day_key = $base + follow_at // 86400;

CREATE TEMP TABLE pieces AS
WITH stops AS (
  SELECT case_id, kind, start, coalesce(until, $cut_off) AS until FROM (
    SELECT case_id, type, kind, t AS start, lead(t) OVER (PARTITION BY case_id, kind ORDER BY place) AS until
    FROM steps WHERE type IN ('pend_start', 'pend_end')) WHERE type = 'pend_start'
  UNION ALL
  SELECT case_id, 'resolved', start, until FROM (
    SELECT case_id, type, t AS start, lead(t) OVER (PARTITION BY case_id ORDER BY place) AS until
    FROM steps WHERE type IN ('resolved', 'reopened')) WHERE type = 'resolved' AND until IS NOT NULL
), sets(name, kinds) AS (VALUES
  ('customer', ['customer']), ('parts', ['parts']), ('third_party', ['third_party']),
  ('waiting', ['customer', 'parts', 'third_party']), ('unit', ['customer', 'resolved']),
  ('person', ['customer', 'parts', 'third_party', 'resolved'])
), free AS (
  SELECT case_id, name, greatest(start, covered) AS start, until FROM (
    SELECT case_id, name, start, until, coalesce(max(until) OVER (PARTITION BY case_id, name ORDER BY start, until
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), start) AS covered
    FROM stops JOIN sets ON list_contains(kinds, kind)) WHERE greatest(start, covered) < until
)
SELECT case_id, name, start, until, w(a.pref, start % 86400, a.s0, a.l0, a.s1, a.l1) AS w_start,
       w(b.pref, until % 86400, b.s0, b.l0, b.s1, b.l1) AS w_until
FROM free LEFT JOIN days a ON a.day_key = $base + start // 86400 LEFT JOIN days b ON b.day_key = $base + until // 86400;

CREATE TEMP TABLE pausers AS
SELECT case_id, arg_max(actor, lasted) AS pauser FROM (
  SELECT case_id, p.actor, least(coalesce(until, $cut_off), resolution_end) - greatest(start, opened_at) AS lasted
  FROM (SELECT case_id, type, kind, actor, t AS start, lead(t) OVER (PARTITION BY case_id, kind ORDER BY place) AS until
        FROM steps WHERE type IN ('pend_start', 'pend_end')) p JOIN worked USING (case_id)
  WHERE type = 'pend_start' AND kind = 'customer') WHERE lasted > 0 GROUP BY case_id;

CREATE TEMP MACRO inside(a, b, low, high) AS greatest(least(b, high) - greatest(a, low), 0);

CREATE TEMP TABLE lost AS
SELECT p.case_id,
       sum(inside(w_start, w_until, w_opened, w_response)) FILTER (name = 'customer') AS response_b,
       sum(inside(start, until, opened_at, response_end)) FILTER (name = 'customer') AS response_c,
       sum(inside(w_start, w_until, w_opened, w_assigned)) FILTER (name = 'customer') AS assigned_b,
       sum(inside(start, until, opened_at, assigned_at)) FILTER (name = 'customer') AS assigned_c,
       sum(inside(w_start, w_until, w_opened, w_on_site)) FILTER (name = 'waiting') AS site_b,
       sum(inside(start, until, opened_at, on_site_at)) FILTER (name = 'waiting') AS site_c,
       sum(inside(w_start, w_until, w_opened, w_first)) FILTER (name = 'customer') AS first_b,
       sum(inside(start, until, opened_at, first_resolved_at)) FILTER (name = 'customer') AS first_c,
       sum(inside(w_start, w_until, w_opened, w_resolution)) FILTER (name = 'unit') AS unit_b,
       sum(inside(start, until, opened_at, resolution_end)) FILTER (name = 'unit') AS unit_c,
       sum(inside(w_start, w_until, w_opened, w_resolution)) FILTER (name = 'person') AS own_b,
       sum(inside(start, until, opened_at, resolution_end)) FILTER (name = 'person') AS own_c,
       sum(inside(w_start, w_until, w_opened, w_resolution)) FILTER (name = 'customer') AS customer,
       sum(inside(w_start, w_until, w_opened, w_resolution)) FILTER (name = 'parts') AS parts,
       sum(inside(w_start, w_until, w_opened, w_resolution)) FILTER (name = 'third_party') AS third
FROM pieces p JOIN worked USING (case_id) GROUP BY p.case_id;

CREATE TEMP TABLE mine AS
SELECT k.case_id, greatest(t, opened_at) AS low, least(coalesce(until, resolved_at), resolved_at) AS high,
       greatest(w(a.pref, t % 86400, a.s0, a.l0, a.s1, a.l1), w_opened) AS w_low,
       least(coalesce(w(b.pref, until % 86400, b.s0, b.l0, b.s1, b.l1), w_resolution), w_resolution) AS w_high
FROM worked k JOIN holds h ON h.case_id = k.case_id AND h.person = k.ao AND t <= resolved_at
LEFT JOIN days a ON a.day_key = $base + t // 86400 LEFT JOIN days b ON b.day_key = $base + until // 86400;

CREATE TEMP TABLE held AS
SELECT case_id, (b - coalesce(less_b, 0))::BIGINT AS held_b, (c - coalesce(less_c, 0))::BIGINT AS held_c
FROM (SELECT case_id, sum(greatest(w_high - w_low, 0)) AS b, sum(greatest(high - low, 0)) AS c FROM mine GROUP BY case_id)
LEFT JOIN (SELECT case_id, sum(inside(w_start, w_until, w_low, w_high)) AS less_b, sum(inside(start, until, low, high)) AS less_c
           FROM mine JOIN pieces USING (case_id) WHERE name = 'person' GROUP BY case_id) USING (case_id);

CREATE TEMP TABLE due AS
SELECT case_id, sum(length)::BIGINT AS stopped FROM (
  SELECT case_id, resolution_limit, inside(w_start, w_until, w_opened, w_resolution) AS length,
         greatest(w_start, w_opened) - w_opened AS since,
         coalesce(sum(inside(w_start, w_until, w_opened, w_resolution)) OVER (PARTITION BY case_id ORDER BY start
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
  FROM pieces JOIN worked USING (case_id) WHERE name = 'unit') WHERE since - before < resolution_limit GROUP BY case_id;

CREATE TEMP TABLE clocks AS
SELECT u.*, sp.span_start + u.due_worked - sp.after AS due_at FROM (
  SELECT w.case_id, w_opened + resolution_limit + coalesce(stopped, 0) AS due_worked,
         CASE WHEN response_end >= opened_at THEN w_response - w_opened - coalesce(response_b, 0) END AS response_b,
         CASE WHEN response_end >= opened_at THEN response_end - opened_at - coalesce(response_c, 0) END AS response_c,
         CASE WHEN assigned_at >= opened_at THEN w_assigned - w_opened - coalesce(assigned_b, 0) END AS dispatch_b,
         CASE WHEN assigned_at >= opened_at THEN assigned_at - opened_at - coalesce(assigned_c, 0) END AS dispatch_c,
         CASE WHEN on_site_at >= opened_at THEN w_on_site - w_opened - coalesce(site_b, 0) END AS site_b,
         CASE WHEN on_site_at >= opened_at THEN on_site_at - opened_at - coalesce(site_c, 0) END AS site_c,
         CASE WHEN first_resolved_at >= opened_at THEN w_first - w_opened - coalesce(first_b, 0) END AS first_b,
         CASE WHEN first_resolved_at >= opened_at THEN first_resolved_at - opened_at - coalesce(first_c, 0) END AS first_c,
         CASE WHEN resolution_end >= opened_at THEN w_resolution - w_opened - coalesce(unit_b, 0) END AS unit_b,
         CASE WHEN resolution_end >= opened_at THEN resolution_end - opened_at - coalesce(unit_c, 0) END AS unit_c,
         CASE WHEN resolution_end >= opened_at THEN w_resolution - w_opened - coalesce(own_b, 0) END AS own_b,
         CASE WHEN resolution_end >= opened_at THEN resolution_end - opened_at - coalesce(own_c, 0) END AS own_c,
         coalesce(customer, 0) AS customer, coalesce(parts, 0) AS parts, coalesce(third, 0) AS third,
         w_resolution - w_opened AS lead, w_follow, w_response
  FROM worked w LEFT JOIN lost USING (case_id) LEFT JOIN due USING (case_id)) u
LEFT JOIN spans sp ON sp.bucket_key = $base * 86400::BIGINT + (u.due_worked - 1) // 3600 AND u.due_worked > sp.after AND u.due_worked <= sp.upto;

CREATE TEMP TABLE base AS
SELECT case_id, opened_at, resolved_at, device_id, customer_id, category, coalesce(fault_group, fault_code, category) AS grp
FROM moments WHERE NOT x1 AND NOT x2;

CREATE TEMP TABLE gaps AS
SELECT b.case_id, f.opened_at - b.resolved_at AS same_fault_gap, d.opened_at - b.resolved_at AS device_gap,
       least(d2.opened_at, g.opened_at) - b.resolved_at AS customer_gap
FROM (SELECT * FROM base WHERE resolved_at IS NOT NULL) b
ASOF LEFT JOIN base f ON f.device_id = b.device_id AND f.grp = b.grp AND f.opened_at >= b.resolved_at
ASOF LEFT JOIN base d ON d.device_id = b.device_id AND d.opened_at >= b.resolved_at
ASOF LEFT JOIN base d2 ON d2.customer_id = b.customer_id AND d2.device_id = b.device_id AND d2.opened_at >= b.resolved_at
ASOF LEFT JOIN base g ON g.customer_id = b.customer_id AND g.category = b.category AND g.opened_at >= b.resolved_at;

CREATE TEMP TABLE members AS
SELECT person, team, valid_from AS since, least(coalesce(valid_to, 2000000),
       coalesce(lead(valid_from) OVER (PARTITION BY person ORDER BY valid_from), 2000000)) AS until FROM memberships;

-- Shanghai has had one offset since 1991: the local day needs no look-up.
CREATE TEMP MACRO local(t) AS ((t + 28800) // 86400)::INTEGER;
CREATE TEMP MACRO month_of(day) AS (year(DATE '1970-01-01' + day) * 12 + month(DATE '1970-01-01' + day) - 1)::INTEGER;

CREATE TEMP TABLE judged AS
SELECT m.*, k.due_at, k.lead, k.customer, k.parts, k.third, k.dispatch_b, k.dispatch_c, k.site_b, k.site_c, k.first_b, k.first_c,
       CASE WHEN first_response_at IS NOT NULL THEN k.response_b END AS response_b,
       CASE WHEN first_response_at IS NOT NULL THEN k.response_c END AS response_c,
       CASE WHEN resolved_at IS NOT NULL THEN k.unit_b END AS unit_b, CASE WHEN resolved_at IS NOT NULL THEN k.unit_c END AS unit_c,
       CASE WHEN resolved_at IS NOT NULL THEN k.own_b END AS own_b, CASE WHEN resolved_at IS NOT NULL THEN k.own_c END AS own_c,
       CASE WHEN k.response_b > first_response_limit THEN false WHEN first_response_at IS NOT NULL THEN true END AS response_met,
       CASE WHEN k.unit_b > resolution_limit THEN false WHEN resolved_at IS NOT NULL THEN true END AS resolved_met,
       CASE WHEN first_response_at IS NULL THEN NULL WHEN follow_at IS NOT NULL THEN k.w_follow - k.w_response <= 2 * first_response_limit
            WHEN $w_cut_off - k.w_response <= 2 * first_response_limit THEN NULL ELSE false END AS followed_up
FROM moments m JOIN clocks k USING (case_id);

CREATE TEMP TABLE anchored AS
SELECT *, local(opened_at) AS opened_day, local(resolved_at) AS resolved_day, local(first_resolved_at) AS first_resolved_day,
       local(closed_at) AS closed_day, local(ended) AS ended_day, local(due_at) AS due_day,
       local(coalesce(resolved_at, CASE WHEN NOT resolved_met THEN due_at END)) AS judged_day
FROM judged;

COPY (
SELECT a.case_id, channel, case_type, category, priority, difficulty, in_warranty, region, product,
       coalesce(unit_id, to_.team, unit_id, event_unit) AS unit, x1, x2, x3, x7, x9, x10,
       a1, coalesce(t1.team, unit_id) AS a1_team, ao, coalesce(to_.team, unit_id) AS ao_team,
       coalesce(dispatcher, a1) AS dispatcher, coalesce(td.team, unit_id) AS dispatcher_team,
       coalesce(pauser, ao) AS pauser, coalesce(tp.team, unit_id) AS pauser_team,
       ao_first, coalesce(tf.team, unit_id) AS ao_first_team, av, coalesce(tv.team, unit_id) AS av_team,
       customer_id, device_id, fault_code, fault_group, resolution_code, root_cause, status,
       opened_at, assigned_at, accepted_at, first_response_at, on_site_at, first_resolved_at, resolved_at, closed_at, due_at,
       response_b AS first_response_business, response_c AS first_response_calendar,
       unit_b AS resolution_business, unit_c AS resolution_calendar,
       first_b AS first_resolution_business, first_c AS first_resolution_calendar,
       own_b AS own_resolution_business, own_c AS own_resolution_calendar,
       held_b AS owner_held_business, held_c AS owner_held_calendar,
       dispatch_b AS dispatch_business, dispatch_c AS dispatch_calendar, site_b AS on_site_business, site_c AS on_site_calendar,
       CASE WHEN closed_at >= opened_at THEN closed_at - opened_at END AS closing,
       CASE WHEN resolved_at IS NOT NULL THEN lead END AS lead_business,
       CASE WHEN resolved_at IS NOT NULL THEN customer END AS pause_customer,
       CASE WHEN resolved_at IS NOT NULL THEN parts END AS pause_parts,
       CASE WHEN resolved_at IS NOT NULL THEN third END AS pause_third_party,
       first_response_limit, resolution_limit, response_met AS first_response_met, resolved_met AS resolution_met,
       first_response_at IS NOT NULL AS answered, resolved_at IS NOT NULL AS resolved, closed_at IS NOT NULL AS closed,
       reopens, CASE WHEN reopened_at >= first_resolved_at THEN reopened_at - first_resolved_at END AS reopen_gap,
       same_fault_gap, device_gap, customer_gap, transfers, handoffs, holders, ping_pong, escalated, followed_up, contacts,
       visits, first_outcome, first_visit_fixed, filled, 4 AS mandatory, standard_minutes, handle_seconds,
       coalesce(first_contact_solved, coalesce(contacts = 1, false) AND resolved_at IS NOT NULL AND transfers = 0 AND reopens = 0)
         AS first_contact_solved,
       cost, actors,
       opened_day, month_of(opened_day) AS opened_month, resolved_day, month_of(resolved_day) AS resolved_month,
       first_resolved_day, month_of(first_resolved_day) AS first_resolved_month, judged_day, month_of(judged_day) AS judged_month,
       closed_day, month_of(closed_day) AS closed_month, ended_day, month_of(ended_day) AS ended_month, due_day, month_of(due_day) AS due_month
FROM anchored a LEFT JOIN gaps USING (case_id) LEFT JOIN held USING (case_id) LEFT JOIN pausers USING (case_id)
LEFT JOIN members t1 ON t1.person = a1 AND opened_day >= t1.since AND opened_day < t1.until
LEFT JOIN members to_ ON to_.person = ao AND coalesce(resolved_day, opened_day) >= to_.since AND coalesce(resolved_day, opened_day) < to_.until
LEFT JOIN members tf ON tf.person = ao_first AND coalesce(first_resolved_day, opened_day) >= tf.since
  AND coalesce(first_resolved_day, opened_day) < tf.until
LEFT JOIN members td ON td.person = coalesce(dispatcher, a1) AND opened_day >= td.since AND opened_day < td.until
LEFT JOIN members tp ON tp.person = coalesce(pauser, ao) AND coalesce(resolved_day, opened_day) >= tp.since
  AND coalesce(resolved_day, opened_day) < tp.until
LEFT JOIN members tv ON tv.person = av AND coalesce(resolved_day, opened_day) >= tv.since AND coalesce(resolved_day, opened_day) < tv.until
ORDER BY ao, resolved_month, case_id
) TO '$target' (FORMAT parquet, COMPRESSION zstd);
