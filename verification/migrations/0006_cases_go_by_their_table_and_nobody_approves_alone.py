"""A case goes by its moves alone; what was seen and said stays; a proposal is decided once, by another, a registrar."""

from django.db import migrations

_ONLY_ADDED_TO = [
    f"verification_{table}"
    for table in (
        "occurrence",
        "statuschange",
        "stopresult",
        "attendance",
        "casephoto",
        "form31wording",
        "form31",
        "signedform31",
        "numberreveal",
        "residentsstatement",
    )
]
_NEVER_DELETED = [f"verification_{table}" for table in ("case", "visitlist", "stop", "proposal")]

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

CASES_GO_BY_MOVES = """
CREATE FUNCTION case_begins_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'received' OR NEW.life_event_id IS NOT NULL OR NEW.batch_id IS NOT NULL THEN
        RAISE EXCEPTION 'a case begins as received' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM households_houseregistration house
        WHERE house.id = NEW.house_id AND house.district_id <> NEW.district_id
    ) OR EXISTS (
        SELECT FROM communities_community community
        WHERE community.id = NEW.community_id AND community.district_id <> NEW.district_id
    ) OR EXISTS (
        SELECT FROM verification_occurrence occurrence
        WHERE occurrence.id = NEW.occurrence_id AND occurrence.district_id <> NEW.district_id
    ) THEN
        RAISE EXCEPTION 'a case, its house and its community lie in one district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_begins_received BEFORE INSERT ON verification_case
    FOR EACH ROW EXECUTE FUNCTION case_begins_received();

CREATE FUNCTION case_goes_by_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.district_id, NEW.year_be, NEW.number, NEW.source, NEW.opened_by_id, NEW.opened_at, NEW.house_no, NEW.lane)
        IS DISTINCT FROM
       (OLD.district_id, OLD.year_be, OLD.number, OLD.source, OLD.opened_by_id, OLD.opened_at, OLD.house_no, OLD.lane)
       OR (NEW.house_id, NEW.community_id, NEW.verdict_id, NEW.receipt, NEW.occurrence_id)
        IS DISTINCT FROM (OLD.house_id, OLD.community_id, OLD.verdict_id, OLD.receipt, OLD.occurrence_id)
       OR OLD.life_event_id IS NOT NULL AND NEW.life_event_id IS DISTINCT FROM OLD.life_event_id
       OR OLD.batch_id IS NOT NULL AND NEW.batch_id IS DISTINCT FROM OLD.batch_id
    THEN
        RAISE EXCEPTION 'a case stays as it was received' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF pg_trigger_depth() = 1 AND (NEW.state, NEW.kind, NEW.state_since)
        IS DISTINCT FROM (OLD.state, OLD.kind, OLD.state_since)
    THEN
        RAISE EXCEPTION 'a case goes by its moves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_goes_by_moves BEFORE UPDATE ON verification_case
    FOR EACH ROW EXECUTE FUNCTION case_goes_by_moves();

CREATE FUNCTION move_writes_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands record;
BEGIN
    SELECT state, kind INTO stands FROM verification_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    IF (stands.state, stands.kind) IS DISTINCT FROM (NEW.state_before, NEW.kind_before) THEN
        RAISE EXCEPTION 'a move begins where the case stands' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE verification_case SET state = NEW.state_after, kind = NEW.kind_after, state_since = NEW.done_at
    WHERE id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER move_writes_case AFTER INSERT ON verification_statuschange
    FOR EACH ROW EXECUTE FUNCTION move_writes_case();
"""
CASES_GO_ANYHOW = """
DROP TRIGGER move_writes_case ON verification_statuschange;
DROP FUNCTION move_writes_case();
DROP TRIGGER case_goes_by_moves ON verification_case;
DROP FUNCTION case_goes_by_moves();
DROP TRIGGER case_begins_received ON verification_case;
DROP FUNCTION case_begins_received();
"""

STOPS_END_ONCE = """
CREATE FUNCTION stop_fits_its_list() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    list record;
    of_case record;
BEGIN
    SELECT district_id, most_stops INTO list FROM verification_visitlist WHERE id = NEW.visit_list_id
        FOR NO KEY UPDATE;
    SELECT district_id, house_id INTO of_case FROM verification_case WHERE id = NEW.case_id;
    IF list.district_id <> of_case.district_id THEN
        RAISE EXCEPTION 'a list of visits holds cases of its district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (SELECT count(*) FROM verification_stop
        WHERE visit_list_id = NEW.visit_list_id AND taken_off_by_id IS NULL) >= list.most_stops
    THEN
        RAISE EXCEPTION 'the list of visits is full' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.house_id := of_case.house_id;
    RETURN NEW;
END $$;
CREATE TRIGGER stop_fits_its_list BEFORE INSERT ON verification_stop
    FOR EACH ROW EXECUTE FUNCTION stop_fits_its_list();
CREATE TRIGGER stop_ends_once BEFORE UPDATE ON verification_stop
    FOR EACH ROW WHEN (OLD.over_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

CREATE FUNCTION result_ends_stop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE verification_stop SET over_at = NEW.recorded_at WHERE id = NEW.stop_id;
    RETURN NULL;
END $$;
CREATE TRIGGER result_ends_stop AFTER INSERT ON verification_stopresult
    FOR EACH ROW EXECUTE FUNCTION result_ends_stop();
"""
STOPS_END_OFTEN = """
DROP TRIGGER result_ends_stop ON verification_stopresult;
DROP FUNCTION result_ends_stop();
DROP TRIGGER stop_ends_once ON verification_stop;
DROP TRIGGER stop_fits_its_list ON verification_stop;
DROP FUNCTION stop_fits_its_list();
"""

A_REGISTRAR_DECIDES = """
CREATE FUNCTION registrar_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.case_id, NEW.act, NEW.ground, NEW.happened_on, NEW.details, NEW.reason,
                             NEW.proposed_by_id, NEW.proposed_at)
        IS DISTINCT FROM (OLD.case_id, OLD.act, OLD.ground, OLD.happened_on, OLD.details, OLD.reason,
                          OLD.proposed_by_id, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'a proposal stays as it was made' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.decision = 'approved' AND NOT is_registrar(
        NEW.decided_by_id,
        (SELECT district_id FROM verification_case WHERE id = NEW.case_id),
        (now() AT TIME ZONE 'Asia/Bangkok')::date
    ) THEN
        RAISE EXCEPTION 'a registrar approves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER registrar_decides BEFORE INSERT OR UPDATE ON verification_proposal
    FOR EACH ROW EXECUTE FUNCTION registrar_decides();
CREATE TRIGGER proposal_is_decided_once BEFORE UPDATE ON verification_proposal
    FOR EACH ROW WHEN (OLD.decision <> '') EXECUTE FUNCTION refuse_change();
"""
ANYBODY_DECIDES = """
DROP TRIGGER proposal_is_decided_once ON verification_proposal;
DROP TRIGGER registrar_decides ON verification_proposal;
DROP FUNCTION registrar_decides();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("verification", "0005_cases_visits_papers_and_proposals"),
        ("communities", "0013_the_database_knows_registrars"),
    ]

    operations = [
        migrations.RunSQL(ONLY_ADDED_TO, NOT_ONLY_ADDED_TO),
        migrations.RunSQL(STAYS, DOES_NOT_STAY),
        migrations.RunSQL(CASES_GO_BY_MOVES, CASES_GO_ANYHOW),
        migrations.RunSQL(STOPS_END_ONCE, STOPS_END_OFTEN),
        migrations.RunSQL(A_REGISTRAR_DECIDES, ANYBODY_DECIDES),
    ]
