"""The statements of a second way in after a lost key (`lost_keys`)."""

from typing import Final

from accounts.manager_conditions import IS_MANAGER

IS_ASKED: Final = "select true from lost_keys where request_id = $1"
HOW_MANY: Final = "select count(*) from lost_keys where address = $1 and asked > $2"
# The same request may come from two addresses at once.
ASK: Final = """
    insert into lost_keys (request_id, uscc, name, contact, reason, address, asked)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (request_id) do nothing
    returning true
"""
ALL: Final = f"""
    select l.*, o.name as organisation_name, r.label as reviewer_label, p.label as approver_label,
           chosen.name as account_name,
           coalesce((
               select jsonb_agg(jsonb_build_object('id', a.account_id, 'name', a.name, 'label', a.label) order by a.name)
                 from accounts a where a.organisation = c.organisation and {IS_MANAGER} and not a.disabled
           ), '[]') as managers,
           coalesce((
               select jsonb_agg(jsonb_build_object('at', g.given, 'label', a.label, 'note', g.note) order by g.id)
                 from lost_key_codes_again g left join accounts a on a.account_id = g.given_by
                where g.request_id = l.request_id
           ), '[]') as codes_again
      from lost_keys l
      left join organisation_codes c on c.uscc = l.uscc
      left join organisations o on o.organisation = c.organisation
      left join accounts r on r.account_id = l.reviewer
      left join accounts p on p.account_id = l.approver
      left join accounts chosen on chosen.account_id = l.account_id
     where $1::text is null or l.state = $1
     order by l.asked desc, l.request_id limit $2
"""
ABOUT: Final = """
    select l.request_id, l.uscc, l.account_id, c.organisation from lost_keys l left join organisation_codes c using (uscc)
     where l.request_id = $1
"""
IS_TO_REVIEW: Final = """
    select state = 'asked' or state = 'approved' and decided <= $2 from lost_keys where request_id = $1
"""
# An approval whose code nobody used in time is reviewed anew, and then needs another approval.
REVIEW: Final = f"""
    update lost_keys l
       set state = case when $3::uuid is null then 'refused' else 'reviewed' end,
           account_id = $3, reviewer = $2, review_note = $4, reviewed = $5,
           approver = null, decided = null, decision_note = null, code_hash = null, code_expires = null
     where l.request_id = $1 and (l.state = 'asked' or l.state = 'approved' and l.decided <= $6) and ($3::uuid is null or exists (
        select from accounts a join organisation_codes c using (organisation)
         where c.uscc = l.uscc and a.account_id = $3 and {IS_MANAGER} and not a.disabled))
    returning true
"""
# Also what was approved and not used yet. The demand then stands again, unless another request suspends it.
REFUSE: Final = """
    with before as (
        select request_id, state, account_id from lost_keys
         where request_id = $1 and state in ('reviewed', 'approved') and reviewer <> $2 for update
    ), refused as (
        update lost_keys l
           set state = 'refused', approver = $2, decision_note = $3, decided = $4, code_hash = null, code_expires = null
          from before b where l.request_id = b.request_id
    ), resumed as (
        update certificate_demands d set suspended_until = null
          from before b join accounts a using (account_id)
         where d.organisation = a.organisation and b.state = 'approved' and not exists (
            select from lost_keys o join accounts c using (account_id)
             where c.organisation = a.organisation and o.request_id <> b.request_id and o.state in ('approved', 'used'))
    )
    select true from before
"""
# One statement decides between approvals at once. The first one stays as it was when its code is given again. The demand of the certificate is suspended with it.
APPROVE: Final = """
    with before as (
        select request_id, state from lost_keys
         where request_id = $1 and reviewer <> $2
           and (state = 'reviewed' or state = 'approved' and approver = $2 and decided > $8) for update
    ), approved as (
        update lost_keys l
           set state = 'approved', approver = $2, code_hash = $5, code_expires = $6,
               decision_note = case when b.state = 'reviewed' then $3 else l.decision_note end,
               decided = case when b.state = 'reviewed' then $4 else l.decided end
          from before b where l.request_id = b.request_id
        returning l.account_id, b.state as before
    ), again as (
        insert into lost_key_codes_again (request_id, given, given_by, note)
        select $1, $4, $2, $3 from approved where before = 'approved'
    ), suspended as (
        update certificate_demands d set suspended_until = $7
          from approved join accounts a using (account_id) where d.organisation = a.organisation
    )
    select before from approved
"""
# Who manages no more since the review gets no password by the code of the organisation's manager.
OF_CODE: Final = f"""
    select a.account_id, a.name, a.label from lost_keys l join accounts a using (account_id)
     where l.code_hash = $1 and l.state = 'approved' and l.code_expires > $2 and not a.disabled and {IS_MANAGER}
"""
USE: Final = f"""
    update lost_keys l set state = 'used', used = $2 from accounts a
     where l.code_hash = $1 and l.state = 'approved' and l.code_expires > $2
       and a.account_id = l.account_id and not a.disabled and {IS_MANAGER}
    returning l.request_id, l.uscc
"""
CONTACT: Final = f"""
    select c.organisation, (select min(kind) from accounts where organisation = c.organisation) as kind,
           coalesce((
               select jsonb_agg(jsonb_build_object(
                          'name', a.name, 'label', a.label, 'mobile', a.mobile, 'email', a.email) order by a.name)
                 from accounts a where a.organisation = c.organisation and {IS_MANAGER} and not a.disabled
           ), '[]') as managers
      from lost_keys l left join organisation_codes c using (uscc) where l.request_id = $1
"""
