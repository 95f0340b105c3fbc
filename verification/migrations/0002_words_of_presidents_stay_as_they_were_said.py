"""Verdicts, answers and their like are only added to; what ended stays ended; the verdict that stands is written by
the verdicts themselves; nobody answers their own words."""

from django.db import migrations

_ONLY_ADDED_TO = [
    f"verification_{table}"
    for table in (
        "roundextension",
        "reminder",
        "verdict",
        "verdictphoto",
        "answer",
        "answerwitness",
        "appeal",
        "pledgetext",
        "pledge",
    )
]
_NEVER_DELETED = [
    f"verification_{table}"
    for table in ("reviewround", "communityreview", "listedhouse", "delegatenaming", "recheckedhouse", "rechecksample")
]

ONLY_ADDED_TO = "\n".join(
    f"""
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
    for table in _ONLY_ADDED_TO
)
NOT_ONLY_ADDED_TO = "\n".join(f"DROP TRIGGER {table}_is_append_only ON {table};" for table in _ONLY_ADDED_TO)

STAYS = "\n".join(
    f"""
CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"""
    for table in _NEVER_DELETED
)
DOES_NOT_STAY = "\n".join(f"DROP TRIGGER {table}_stays ON {table};" for table in _NEVER_DELETED)

ENDS_ONCE = """
CREATE TRIGGER round_closes_once BEFORE UPDATE ON verification_reviewround
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_ends_once BEFORE UPDATE ON verification_communityreview
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER naming_is_decided_once BEFORE UPDATE ON verification_delegatenaming
    FOR EACH ROW WHEN (OLD.decided_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER house_is_rechecked_once BEFORE UPDATE ON verification_recheckedhouse
    FOR EACH ROW WHEN (OLD.result <> '') EXECUTE FUNCTION refuse_change();
"""

ENDS_OFTEN = """
DROP TRIGGER round_closes_once ON verification_reviewround;
DROP TRIGGER review_ends_once ON verification_communityreview;
DROP TRIGGER naming_is_decided_once ON verification_delegatenaming;
DROP TRIGGER house_is_rechecked_once ON verification_recheckedhouse;
"""

# A late verdict is kept and does not stand: the office decides about it. One that is taken back leaves the house
# undecided.
VERDICTS_STAND = """
CREATE FUNCTION verdicts_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_verdicts said JOIN verification_listedhouse listed ON listed.id = said.listed_id
        WHERE listed.review_id <> said.review_id
    ) THEN
        RAISE EXCEPTION 'a verdict is of a house on the list of its review'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM new_verdicts said JOIN verification_verdict taken ON taken.id = said.takes_back_id
        WHERE taken.review_id <> said.review_id OR taken.listed_id IS DISTINCT FROM said.listed_id
    ) THEN
        RAISE EXCEPTION 'a verdict is taken back for the same house' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM new_verdicts said JOIN verification_communityreview review ON review.id = said.review_id
        WHERE review.state <> 'open' AND NOT said.late
    ) THEN
        RAISE EXCEPTION 'a verdict after the end is late' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE verification_listedhouse listed SET verdict_id = latest.stands
    FROM (
        SELECT DISTINCT ON (listed_id) listed_id, CASE WHEN kind <> 'taken_back' THEN id END AS stands
        FROM new_verdicts WHERE listed_id IS NOT NULL AND NOT late ORDER BY listed_id, id DESC
    ) latest
    WHERE listed.id = latest.listed_id;
    RETURN NULL;
END $$;
CREATE TRIGGER verdicts_stand AFTER INSERT ON verification_verdict REFERENCING NEW TABLE AS new_verdicts
    FOR EACH STATEMENT EXECUTE FUNCTION verdicts_stand();

CREATE FUNCTION list_stays_as_handed_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR (NEW.review_id, NEW.house_id, NEW.place) <> (OLD.review_id, OLD.house_id, OLD.place)
    THEN
        RAISE EXCEPTION 'a list stays as it was handed out; its verdicts are written by verdicts alone'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER list_stays_as_handed_out BEFORE UPDATE ON verification_listedhouse
    FOR EACH ROW EXECUTE FUNCTION list_stays_as_handed_out();
"""

VERDICTS_FALL = """
DROP TRIGGER list_stays_as_handed_out ON verification_listedhouse;
DROP FUNCTION list_stays_as_handed_out();
DROP TRIGGER verdicts_stand ON verification_verdict;
DROP FUNCTION verdicts_stand();
"""

# The list decides who may vote for the community's committee: its president has an interest in it (product.md R10).
OTHERS_DECIDE = """
CREATE FUNCTION has_interest(in_verdict bigint, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM verification_verdict verdict
        JOIN verification_communityreview review ON review.id = verdict.review_id
        JOIN verification_reviewround round ON round.id = review.round_id
        WHERE verdict.id = in_verdict AND (
            verdict.given_by_id = who
            OR EXISTS (
                SELECT FROM communities_appointment post
                WHERE post.person_id = who AND post.community_id = review.community_id
                    AND post.role IN ('president', 'delegate')
                    AND (post.until IS NULL OR post.until > round.letter_date)
            )
            OR verdict.kind = 'not_ours' AND EXISTS (
                SELECT FROM verification_verdict paper
                WHERE paper.review_id = verdict.review_id AND paper.source = 'paper' AND paper.keyed_by_id = who
            )
        )
    )
$$;

CREATE FUNCTION others_decide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_interest(NEW.verdict_id, NEW.answered_by_id) THEN
        RAISE EXCEPTION 'nobody answers their own words, nor those that they keyed in'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER others_decide BEFORE INSERT ON verification_answer
    FOR EACH ROW EXECUTE FUNCTION others_decide();

CREATE FUNCTION others_witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF has_interest((SELECT verdict_id FROM verification_answer WHERE id = NEW.answer_id), NEW.person_id) THEN
        RAISE EXCEPTION 'nobody witnesses for their own words, nor for those that they keyed in'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER others_witness BEFORE INSERT ON verification_answerwitness
    FOR EACH ROW EXECUTE FUNCTION others_witness();

CREATE FUNCTION visit_is_witnessed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT kind FROM verification_verdict WHERE id = NEW.verdict_id) = 'not_ours'
        AND NOT EXISTS (SELECT FROM verification_answerwitness WHERE answer_id = NEW.id)
    THEN
        RAISE EXCEPTION 'a visit to a house said to be of another community has a witness'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER visit_is_witnessed AFTER INSERT ON verification_answer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.visited_on IS NOT NULL)
    EXECUTE FUNCTION visit_is_witnessed();

CREATE FUNCTION another_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM verification_rechecksample sample
        WHERE sample.id = NEW.sample_id AND (
            sample.drawn_by_id = NEW.checked_by_id
            OR EXISTS (
                SELECT FROM verification_verdict verdict
                WHERE verdict.review_id = sample.review_id AND NEW.checked_by_id IN (verdict.given_by_id, verdict.keyed_by_id)
            )
        )
    ) THEN
        RAISE EXCEPTION 'a sample is checked by somebody who neither drew it nor gave or keyed in its verdicts'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER another_checks BEFORE UPDATE ON verification_recheckedhouse
    FOR EACH ROW WHEN (NEW.checked_by_id IS NOT NULL) EXECUTE FUNCTION another_checks();
"""

ANYBODY_DECIDES = """
DROP TRIGGER another_checks ON verification_recheckedhouse;
DROP FUNCTION another_checks();
DROP TRIGGER visit_is_witnessed ON verification_answer;
DROP FUNCTION visit_is_witnessed();
DROP TRIGGER others_witness ON verification_answerwitness;
DROP FUNCTION others_witness();
DROP TRIGGER others_decide ON verification_answer;
DROP FUNCTION others_decide();
DROP FUNCTION has_interest(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0009_who_saw_what_is_only_added"),
        ("verification", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ONLY_ADDED_TO, NOT_ONLY_ADDED_TO),
        migrations.RunSQL(STAYS, DOES_NOT_STAY),
        migrations.RunSQL(ENDS_ONCE, ENDS_OFTEN),
        migrations.RunSQL(VERDICTS_STAND, VERDICTS_FALL),
        migrations.RunSQL(OTHERS_DECIDE, ANYBODY_DECIDES),
    ]
